package dev.ebb.command;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.ebb.config.Option;
import dev.ebb.config.Options;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Reads options as Ebb would at its start, from agent arguments, the environment and a file, and says what it made of them. */
final class CheckCommand {
    private final boolean json;
    private final PrintStream out;
    private final PrintStream err;

    CheckCommand(boolean json, PrintStream out, PrintStream err) {
        this.json = json;
        this.out = out;
        this.err = err;
    }

    /** @param given a properties file, and {@code name=value} each. @return 0, or 1 if there is a mistake in it */
    int run(List<String> given) {
        List<String> arguments = new ArrayList<>();
        for (String one : given) {
            boolean file = !one.contains("=");
            arguments.add(file ? "config=" + one : one);
        }
        Options options = Options.read(String.join(",", arguments));
        if (json) {
            out.println(JsonWriter.string(json(options)));
        } else {
            text(options);
        }
        return options.problems().isEmpty() ? 0 : 1;
    }

    private static JsonObject json(Options options) {
        JsonArray all = new JsonArray();
        for (Option option : Options.all()) {
            if (option.available()) {
                JsonObject one = new JsonObject();
                one.put("name", option.property());
                one.put("value", options.text(option));
                one.put("source", source(options, option));
                all.add(one);
            }
        }
        JsonObject answer = new JsonObject();
        answer.put("options", all);
        answer.put("problems", new JsonArray(options.problems()));
        return answer;
    }

    /** Here the user has given as arguments of the command what stands in those of the agent else. */
    private static String source(Options options, Option option) {
        return options.source(option).replace("agent argument", "command line");
    }

    /** Values last, some are long. */
    private void text(Options options) {
        for (Option option : Options.all()) {
            if (option.available()) {
                String value = options.text(option);
                out.printf("%-28s %-20s %s%n", option.property(), source(options, option), value.isEmpty() ? "-" : value);
            }
        }
        for (String problem : options.problems()) {
            err.println("ebb check: " + problem);
        }
        if (options.problems().isEmpty()) {
            out.println("no mistakes found");
        }
    }
}
