package dev.ebb.command;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import dev.ebb.attach.JvmProcess;
import dev.ebb.attach.Letterbox;
import dev.ebb.attach.Refusal;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The commands of {@code java -jar ebb-agent.jar}, in a JVM of their own. They print to stdout what was asked for, as text or as one JSON object, and to stderr what went wrong and that it
 * takes its time.
 */
public final class EbbCommand {
    /** Of those that the Ebb in another JVM answers. */
    private static final Map<String, String> ANSWERED = new TreeMap<>(Map.of(
        "status", "what Ebb in that JVM does, and how loads went",
        "loads", "loads that are open or hold something, and the threads inside them",
        "purge", "have its allocators return what they do not need",
        "mode", "PID [rollback|observe|off]: say or switch what Ebb does about loads",
        "holders", "PID LOAD: by which paths the program reaches what a load has left; stops it for a moment",
        "dump", "all that Ebb knows of its loads, as text",
        "report", "the post-mortems that it has written",
        "presets", "engines that it knows by name and has found; without PID those of this jar",
        "detach", "restore its classes and end Ebb there, while the program goes on"));
    private static final String OTHERS = "  attach    PID [name=value ...]: bring Ebb into a running JVM\n"
        + "  check     [FILE] [name=value ...]: read options as Ebb would and say where each comes from\n"
        + "  doctor    PID [--no-agent]: explain the resident memory of any JVM\n";

    private final PrintStream out;
    private final PrintStream err;
    private final String command;
    private final boolean json;

    private EbbCommand(String command, boolean json, PrintStream out, PrintStream err) {
        this.command = command;
        this.json = json;
        this.out = out;
        this.err = err;
    }

    /** What there is, a line each. */
    public static String usage() {
        StringBuilder usage = new StringBuilder("usage: java -jar ebb-agent.jar COMMAND PID [--json]\n");
        for (Map.Entry<String, String> entry : ANSWERED.entrySet()) {
            usage.append("  ").append(entry.getKey()).append(" ".repeat(10 - entry.getKey().length())).append(entry.getValue()).append('\n');
        }
        return usage.append(OTHERS).append("  --version what this is\nAs an agent: java -javaagent:ebb-agent.jar '-Debb.loads=pkg.Class#method' ...\n").toString();
    }

    public static boolean knows(String command) {
        return ANSWERED.containsKey(command) || command.equals("attach") || command.equals("check");
    }

    /**
     * @param arguments the command first
     * @param jar where this one is
     * @return the exit code: 0, or 1 if it could not be done, 2 if it was called wrongly
     */
    public static int run(String[] arguments, String jar, PrintStream out, PrintStream err) {
        List<String> rest = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
        boolean json = rest.remove("--json");
        EbbCommand command = new EbbCommand(arguments[0], json, out, err);
        try {
            return command.run(rest, jar);
        } catch (Refusal e) {
            return command.refused(e.getMessage());
        } catch (NoClassDefFoundError e) {
            return command.refused("this Java run-time has no module jdk.attach; run this with a JDK");
        } catch (JsonParserException e) {
            return command.refused("the answer was cut off: " + e.getMessage());
        }
    }

    private int run(List<String> rest, String jar) throws Refusal, JsonParserException {
        if (command.equals("check")) {
            return new CheckCommand(json, out, err).run(rest);
        }
        if (command.equals("presets") && rest.isEmpty()) {
            return new PresetsCommand(json, out).run();
        }
        if (rest.isEmpty() || !rest.get(0).matches("\\d{1,9}") || !takes(rest.size() - 1)) {
            err.print(usage());
            return 2;
        }
        JvmProcess jvm = JvmProcess.of(rest.get(0));
        if (command.equals("attach")) {
            new AttachCommand(jvm, jar, err).attach(rest.subList(1, rest.size()));
            return show("status", ask(jvm, "status"));
        }
        return command.equals("holders") ? holders(jvm, rest.get(1)) : show(command, ask(jvm, rest.size() == 2 ? command + " " + rest.get(1) : command));
    }

    /** @param more arguments behind the number of the process */
    private boolean takes(int more) {
        return switch (command) {
            case "attach" -> true;
            case "mode" -> more <= 1;
            case "holders" -> more == 1;
            default -> more == 0;
        };
    }

    /** Says what it costs before it is done. */
    private int holders(JvmProcess jvm, String load) throws Refusal, JsonParserException {
        JsonObject cost = ask(jvm, "holders-cost " + load);
        if (cost.has("error")) {
            return refused(cost.getString("error"));
        }
        err.println("ebb holders: each step of a path stops the program for about " + cost.getLong("expectedPauseMs") + " ms (" + AnswerText.mebibytes(cost.getLong("heapBytes")) + " of heap), "
            + cost.getInt("steps") + " steps at most");
        return show(command, ask(jvm, "holders " + load));
    }

    private JsonObject ask(JvmProcess jvm, String request) throws Refusal, JsonParserException {
        return JsonParser.object().from(new Letterbox(jvm, (what, seconds) -> err.println("ebb " + command + ": " + what + ", " + seconds + " s")).ask(request));
    }

    private int show(String kind, JsonObject answer) {
        if (answer.has("error")) {
            return refused(answer.getString("error"));
        }
        out.print(json ? JsonWriter.string(answer) + "\n" : AnswerText.of(kind, answer));
        return 0;
    }

    private int refused(String why) {
        err.println("ebb " + command + ": " + why);
        if (json) {
            JsonObject error = new JsonObject();
            error.put("error", why);
            out.println(JsonWriter.string(error));
        }
        return 1;
    }
}
