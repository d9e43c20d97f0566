package dev.ebb.command;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import dev.ebb.attach.JvmProcess;
import dev.ebb.attach.Letterbox;
import dev.ebb.attach.Patience;
import dev.ebb.attach.Refusal;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The commands of {@code java -jar ebb-agent.jar}, in a JVM of their own. They print to stdout what was asked for, as text or as one JSON object, and to stderr what went wrong and that it
 * takes its time.
 */
public final class EbbCommand {
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

    /**
     * @param arguments the command first, which need not be one
     * @param jar where this one is
     * @return the exit code: 0, or 1 if it could not be done, 2 if it was called wrongly
     */
    public static int run(String[] arguments, String jar, PrintStream out, PrintStream err) {
        List<String> rest = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
        boolean json = rest.remove("--json");
        EbbCommand command = new EbbCommand(arguments[0], json, out, err);
        if (!Usage.knows(arguments[0])) {
            return command.failed(2, Usage.unknown(arguments[0]));
        }
        try {
            return command.run(rest, jar);
        } catch (Refusal e) {
            return command.failed(1, e.getMessage());
        } catch (NoClassDefFoundError e) {
            return command.failed(1, "this Java run-time has no module jdk.attach; run this with a JDK");
        } catch (JsonParserException e) {
            return command.failed(1, "the answer was cut off: " + e.getMessage());
        }
    }

    private int run(List<String> rest, String jar) throws Refusal, JsonParserException {
        if (command.equals("check")) {
            return new CheckCommand(json, out, err).run(rest);
        }
        if (command.equals("presets") && rest.isEmpty()) {
            return new PresetsCommand(json, out).run();
        }
        String misuse = misuse(rest);
        if (misuse != null) {
            return failed(2, misuse + (misuse.endsWith("?") ? " " : "; ") + Usage.of(command));
        }
        JvmProcess jvm = JvmProcess.of(rest.get(0));
        if (command.equals("attach")) {
            new AttachCommand(jvm, jar, err, new Patience(this::waiting)).attach(rest.subList(1, rest.size()));
            return show(jvm, "status", ask(jvm, "status"));
        }
        return command.equals("holders") ? holders(jvm, rest.get(1)) : show(jvm, command, ask(jvm, rest.size() == 2 ? command + " " + rest.get(1) : command));
    }

    /** What is wrong with the arguments; null if nothing is. */
    private String misuse(List<String> given) {
        if (given.isEmpty()) {
            return "which process?";
        }
        if (!given.get(0).matches("\\d{1,9}")) {
            return "'" + given.get(0) + "' is no number of a process";
        }
        if (command.equals("holders") && given.size() == 1) {
            return "of which load?";
        }
        int most = command.equals("attach") ? Integer.MAX_VALUE : command.equals("mode") || command.equals("holders") ? 2 : 1;
        return given.size() > most ? "'" + given.get(most) + "' is one too many" : null;
    }

    /** Says what it costs before it is done. */
    private int holders(JvmProcess jvm, String load) throws Refusal, JsonParserException {
        JsonObject cost = ask(jvm, "holders-cost " + load);
        if (cost.has("error")) {
            return failed(1, cost.getString("error"));
        }
        err.println("ebb holders: each step of a path stops the program for about " + cost.getLong("expectedPauseMs") + " ms (" + AnswerText.mebibytes(cost.getLong("heapBytes")) + " of heap), "
            + cost.getInt("steps") + " steps at most");
        return show(jvm, command, ask(jvm, "holders " + load));
    }

    private JsonObject ask(JvmProcess jvm, String request) throws Refusal, JsonParserException {
        return JsonParser.object().from(new Letterbox(jvm, this::waiting).ask(request));
    }

    private void waiting(String what, long seconds) {
        err.println("ebb " + command + ": " + what + ", " + seconds + " s");
    }

    private int show(JvmProcess jvm, String kind, JsonObject answer) {
        if (answer.has("error")) {
            return failed(1, answer.getString("error"));
        }
        out.print(json ? JsonWriter.string(answer) + "\n" : AnswerText.of(kind, jvm.pid(), answer));
        return 0;
    }

    private int failed(int code, String why) {
        err.println("ebb " + command + ": " + why);
        if (json) {
            JsonObject error = new JsonObject();
            error.put("error", why);
            out.println(JsonWriter.string(error));
        }
        return code;
    }
}
