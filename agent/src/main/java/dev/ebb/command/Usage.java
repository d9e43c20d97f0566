package dev.ebb.command;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.ebb.config.Nearest;
import java.util.LinkedHashMap;
import java.util.Map;

/** What can be asked for, in the order in which it is listed; the documentation has the same table. */
public final class Usage {
    private static final String CALL = "java -jar ebb-agent.jar ";
    private static final Map<String, Entry> COMMANDS = new LinkedHashMap<>();

    static {
        add("status", "PID", "what Ebb in that JVM does, and how loads went");
        add("loads", "PID", "loads that are open or hold something, and the threads inside them");
        add("purge", "PID", "have its allocators return what they do not need");
        add("mode", "PID [rollback|observe|off]", "say or switch what Ebb does about loads");
        add("holders", "PID LOAD", "by which paths the program reaches what a load has left; stops it for a moment");
        add("dump", "PID", "all that Ebb knows of its loads, as text");
        add("report", "PID", "the post-mortems that it has written");
        add("presets", "[PID]", "engines that it knows by name and has found; without PID those of this jar");
        add("detach", "PID", "restore its classes and end Ebb there, while the program goes on");
        add("attach", "PID [name=value ...]", "bring Ebb into a running JVM");
        add("check", "[FILE] [name=value ...]", "read options as Ebb would and say where each comes from");
        add("doctor", "PID [--no-agent]", "explain the resident memory of any JVM");
        add("--version", "", "what this is");
        add("help", "", "this");
    }

    private record Entry(String arguments, String meaning) { }

    private Usage() { }

    private static void add(String command, String arguments, String meaning) {
        COMMANDS.put(command, new Entry(arguments, meaning));
    }

    static boolean knows(String command) {
        return COMMANDS.containsKey(command);
    }

    /** How one command is called. */
    static String of(String command) {
        return "usage: " + (CALL + command + " " + COMMANDS.get(command).arguments).trim() + " [--json]";
    }

    /** All of them, a line each. */
    public static String text() {
        StringBuilder text = new StringBuilder("usage: " + CALL + "COMMAND PID [--json]\n");
        COMMANDS.forEach((command, entry) -> text.append(String.format("  %-9s ", command)).append(entry.arguments.isEmpty() ? "" : entry.arguments + ": ").append(entry.meaning).append('\n'));
        return text.append("PID is the number of the process, as jps lists it; --json prints one JSON object.\n")
            .append("As an agent: java -javaagent:ebb-agent.jar '-Debb.loads=pkg.Class#method' ...\n").toString();
    }

    /** All of them as one JSON object. */
    public static String json() {
        JsonArray all = new JsonArray();
        COMMANDS.forEach((command, entry) -> {
            JsonObject one = new JsonObject();
            one.put("name", command);
            one.put("arguments", entry.arguments);
            one.put("meaning", entry.meaning);
            all.add(one);
        });
        JsonObject usage = new JsonObject();
        usage.put("commands", all);
        return JsonWriter.string(usage);
    }

    /** Why a command that is none of these cannot be done. */
    static String unknown(String command) {
        String nearest = Nearest.to(command, COMMANDS.keySet());
        return "there is no such command" + (nearest == null ? "; help lists all" : "; did you mean " + nearest + "? help lists all");
    }
}
