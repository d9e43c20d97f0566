package dev.ebb.doctor;

import com.grack.nanojson.JsonWriter;
import dev.ebb.attach.Patience;
import dev.ebb.attach.Refusal;
import dev.ebb.load.MemoryAccount;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** {@code java -jar ebb-agent.jar doctor PID [--json] [--no-agent]}. In a JVM of its own: here, and nowhere else in Ebb, stdout is ours. */
public final class DoctorCommand {
    private static final String USAGE = "usage: java -jar ebb-agent.jar doctor PID [--json] [--no-agent]";

    private final boolean json;
    private final PrintStream out;
    private final PrintStream err;

    private DoctorCommand(boolean json, PrintStream out, PrintStream err) {
        this.json = json;
        this.out = out;
        this.err = err;
    }

    /**
     * @param arguments those behind {@code doctor}; @param library as a resource, null if there is none for this platform
     * @return the exit code: 0, or 1 if it could not be examined, 2 if it was called wrongly
     */
    public static int run(List<String> arguments, InputStream library, PrintStream out, PrintStream err) {
        List<String> pids = new ArrayList<>(arguments);
        boolean json = pids.remove("--json");
        boolean ask = !pids.remove("--no-agent");
        DoctorCommand command = new DoctorCommand(json, out, err);
        if (pids.isEmpty()) {
            return command.failed(2, "which process? " + USAGE);
        }
        if (pids.size() > 1 || !pids.get(0).matches("\\d{1,9}")) {
            return command.failed(2, "'" + pids.get(pids.size() - 1) + (pids.size() > 1 ? "' is one too many; " : "' is no number of a process; ") + USAGE);
        }
        try {
            return command.examine(pids.get(0), library == null ? null : library.readAllBytes(), ask);
        } catch (Refusal | IOException e) {
            return command.failed(1, e.getMessage());
        } catch (NoClassDefFoundError e) {
            return command.failed(1, "this Java run-time has no module jdk.attach; run this with a JDK");
        }
    }

    private int examine(String pid, byte[] library, boolean ask) throws Refusal {
        Patience patience = new Patience((what, seconds) -> err.println("ebb doctor: " + what + ", " + seconds + " s"));
        MemoryAccount account = Doctor.examine(pid, library, ask, patience);
        out.print(json ? AccountText.json(account) + "\n" : AccountText.text(account));
        return 0;
    }

    private int failed(int code, String why) {
        err.println("ebb doctor: " + why);
        if (json) {
            out.println(JsonWriter.string().object().value("error", why).end().done());
        }
        return code;
    }
}
