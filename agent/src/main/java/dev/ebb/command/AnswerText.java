package dev.ebb.command;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.Locale;
import java.util.Map;

/** Answers for people. */
final class AnswerText {
    private static final double MEBI = 1 << 20;

    private final String pid;
    private final JsonObject answer;
    private final StringBuilder text = new StringBuilder();

    private AnswerText(String pid, JsonObject answer) {
        this.pid = pid;
        this.answer = answer;
    }

    /** @param pid as the user has named the process */
    static String of(String command, String pid, JsonObject answer) {
        AnswerText text = new AnswerText(pid, answer);
        switch (command) {
            case "status" -> text.status();
            case "loads" -> text.loads();
            case "purge" -> text.purge();
            case "mode" -> text.line("mode " + answer.getString("mode") + (answer.getString("mode").equals(answer.getString("before")) ? "" : ", was " + answer.getString("before")));
            case "holders" -> text.holders();
            case "report" -> text.reports();
            case "presets" -> text.presets();
            case "detach" -> text.detached();
            default -> text.text.append(answer.getString("text", ""));
        }
        return text.text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void status() {
        String itself = Long.toString(answer.getLong("pid"));
        line("Ebb " + answer.getString("version") + " in process " + pid + (pid.equals(itself) ? "" : ", which is " + itself + " in its container") + " (JDK " + answer.getString("jdk") + "), mode " + answer.getString("mode"));
        line("loads open " + answer.getLong("openLoads") + ", holding something " + answer.getLong("holdingLoads") + ": " + held(answer.getObject("holds")));
        summary(answer.getObject("summary"));
        for (Object trouble : answer.getArray("troubles")) {
            line("trouble: " + pairs((JsonObject) trouble));
        }
        for (Object mistake : answer.getArray("mistakes", new JsonArray())) {
            line("mistake in options: " + mistake);
        }
        for (Object option : answer.getArray("options")) {
            JsonObject one = (JsonObject) option;
            line("option: " + one.getString("name") + "=" + one.getString("value") + " (" + one.getString("source") + ")");
        }
    }

    private void summary(JsonObject since) {
        line("loads ended since it began: " + since.getLong("loads") + ", of which " + since.getLong("completed") + " completed, " + since.getLong("failed") + " failed, " + since.getLong("timedOut")
            + " timed out, " + since.getLong("abandoned") + " abandoned; rollbacks " + since.getLong("rollbacks") + ", purges " + since.getLong("purges")
            + (since.has("releases") ? ", releases " + since.getLong("releases") + ", of which " + since.getLong("releasesLeaked") + " leaked" : ""));
        distribution(since, "load", "Ms", "a load took");
        distribution(since, "offHeap", "Bytes", "and held off the heap");
        distribution(since, "rollback", "Ms", "a rollback took");
        distribution(since, "purge", "Ms", "a purge took");
    }

    /** Of what was never recorded nothing is said. */
    private void distribution(JsonObject since, String name, String unit, String what) {
        if (since.has(name + "Max" + unit)) {
            line("  " + what + " " + figure(since, name + "P50" + unit) + " at most in half of all cases, " + figure(since, name + "P90" + unit) + " in 9 of 10, " + figure(since, name + "P99" + unit)
                + " in 99 of 100, " + figure(since, name + "Max" + unit) + " in all");
        }
    }

    private static String figure(JsonObject fields, String name) {
        return name.endsWith("Bytes") ? mebibytes(fields.getLong(name)) : Math.round(fields.getDouble(name)) + " ms";
    }

    private void loads() {
        for (Object each : answer.getArray("loads")) {
            JsonObject load = (JsonObject) each;
            line("load " + load.getLong("load") + " " + load.getString("label") + " " + load.getString("method") + " " + load.getString("state")
                + (load.has("durationMs") ? ", " + load.getLong("durationMs") + " ms" : "") + ": " + held(load));
            if (load.has("inside")) {
                for (Object thread : load.getArray("inside")) {
                    JsonObject one = (JsonObject) thread;
                    line("  inside: " + one.getString("thread") + " " + one.getString("state") + (one.isNull("at") ? "" : " at " + one.getString("at")));
                }
            }
        }
        if (answer.getArray("loads").isEmpty()) {
            line("no load is open or holds anything");
        }
    }

    private void purge() {
        line(mebibytes(answer.getLong("returnedBytes")) + " returned in " + answer.getLong("purgeMs") + " ms by " + answer.getString("allocator") + ", " + answer.getString("way"));
        if (answer.has("cachedBytes")) {
            line("the allocator still keeps " + mebibytes(answer.getLong("cachedBytes")));
        }
        if (!answer.getString("note", "").isEmpty()) {
            line(answer.getString("note"));
        }
    }

    private void holders() {
        for (Object path : answer.getArray("paths")) {
            line(String.valueOf(path));
        }
        if (answer.getArray("paths").isEmpty()) {
            line("no path found" + (answer.getString("note").isEmpty() ? "" : ": " + answer.getString("note")));
        }
        line(answer.getInt("passes") + " passes through " + mebibytes(answer.getLong("heapBytes")) + " of heap stopped the program for " + answer.getLong("stoppedMs") + " ms, "
            + answer.getLong("longestPauseMs") + " ms at most at once");
    }

    private void reports() {
        line("post-mortems in " + answer.getString("directory") + ": " + answer.getArray("reports").size());
        for (Object each : answer.getArray("reports")) {
            JsonObject report = (JsonObject) each;
            line(report.getString("time") + " load " + report.getLong("load") + " " + report.getString("label") + " " + report.getString("method") + " " + report.getString("verdict") + "  "
                + report.getString("file"));
        }
    }

    private void presets() {
        for (Object each : answer.getArray("presets")) {
            JsonObject preset = (JsonObject) each;
            String matched = preset.getArray("matched").isEmpty() ? "no method of it yet" : String.join(", ", preset.getArray("matched").stream().map(String::valueOf).toList());
            line(String.format("%-12s %s", preset.getString("name"), preset.getBoolean("found") ? "found: " + matched : preset.getBoolean("wanted") ? "not loaded" : "not watched: ebb.presets leaves it out, or is auto while ebb.loads names methods"));
        }
    }

    private void detached() {
        line("Ebb has left: its classes are restored and its threads have ended");
        if (answer.getLong("openLoads") > 0) {
            line(answer.getLong("openLoads") == 1 ? "one load was open and runs on unwatched" : answer.getLong("openLoads") + " loads were open and run on unwatched");
        }
        if (!answer.getString("left", "").isEmpty()) {
            line("left: " + answer.getString("left"));
        }
    }

    private static String held(JsonObject load) {
        StringBuilder held = new StringBuilder();
        for (String kind : new String[] {"direct", "mapped", "foreign", "unsafe"}) {
            if (load.getLong(kind + "Bytes") > 0) {
                held.append(held.length() == 0 ? "" : ", ").append(mebibytes(load.getLong(kind + "Bytes"))).append(' ').append(kind);
            }
        }
        for (String kind : new String[] {"openFiles", "tracked"}) {
            if (load.getLong(kind) > 0) {
                held.append(held.length() == 0 ? "" : ", ").append(load.getLong(kind)).append(kind.equals("openFiles") ? " files" : " tracked");
            }
        }
        return held.length() == 0 ? "nothing" : held.toString();
    }

    private static String pairs(JsonObject fields) {
        StringBuilder pairs = new StringBuilder();
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            pairs.append(pairs.length() == 0 ? "" : " ").append(field.getKey()).append('=').append(field.getValue());
        }
        return pairs.toString();
    }

    static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / MEBI);
    }
}
