package dev.ebb.command;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.ebb.attach.Refusal;
import dev.ebb.config.Preset;
import dev.ebb.config.PresetIndex;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Lists the engines that this jar knows by name. */
final class PresetsCommand {
    private final boolean json;
    private final PrintStream out;

    PresetsCommand(boolean json, PrintStream out) {
        this.json = json;
        this.out = out;
    }

    int run() throws Refusal {
        List<Preset> presets = new ArrayList<>();
        try {
            for (String name : PresetIndex.read().names()) {
                presets.add(Preset.read(name));
            }
        } catch (IOException e) {
            throw new Refusal("the presets in this jar cannot be read: " + e);
        }
        if (json) {
            out.println(JsonWriter.string(json(presets)));
        } else {
            presets.forEach(this::text);
        }
        return 0;
    }

    private void text(Preset preset) {
        out.printf("%-12s %s%n", preset.name(), preset.title());
        lines("loads", preset.loads());
        lines("release", preset.release());
        lines("track", preset.track());
        lines("left open", preset.leavesOpen());
        preset.closeRules().forEach(rule -> out.printf("  %-10s %s => %s%n", "close", rule.target(), rule.method() + "()"));
        out.printf("  %-10s %s%n", "tried with", preset.verified());
        out.printf("  %-10s %s%n", "survives", preset.closesWhileLoading() ? "a close while it loads" : "no close while it loads");
    }

    private void lines(String what, List<?> entries) {
        entries.forEach(entry -> out.printf("  %-10s %s%n", what, entry));
    }

    private static JsonObject json(List<Preset> presets) {
        JsonArray all = new JsonArray();
        for (Preset preset : presets) {
            JsonObject one = new JsonObject();
            one.put("name", preset.name());
            one.put("title", preset.title());
            one.put("loads", texts(preset.loads()));
            one.put("release", texts(preset.release()));
            one.put("track", texts(preset.track()));
            one.put("leavesOpen", texts(preset.leavesOpen()));
            one.put("close", texts(preset.closeRules().stream().map(rule -> rule.target() + " => " + rule.method() + "()").toList()));
            one.put("verified", preset.verified());
            one.put("closesWhileLoading", preset.closesWhileLoading());
            all.add(one);
        }
        JsonObject answer = new JsonObject();
        answer.put("presets", all);
        return answer;
    }

    private static JsonArray texts(List<?> entries) {
        JsonArray texts = new JsonArray();
        entries.forEach(entry -> texts.add(entry.toString()));
        return texts;
    }
}
