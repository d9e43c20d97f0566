package dev.ebb.doctor;

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

    private DoctorCommand() { }

    /**
     * @param arguments those behind {@code doctor}; @param library as a resource, null if there is none for this platform
     * @return the exit code: 0, or 1 if it could not be examined, 2 if it was called wrongly
     */
    public static int run(List<String> arguments, InputStream library, PrintStream out, PrintStream err) {
        List<String> pids = new ArrayList<>(arguments);
        boolean json = pids.remove("--json");
        boolean ask = !pids.remove("--no-agent");
        if (pids.size() != 1 || !pids.get(0).matches("\\d{1,9}")) {
            err.println(USAGE);
            return 2;
        }
        try {
            MemoryAccount account = Doctor.examine(pids.get(0), library == null ? null : library.readAllBytes(), ask);
            out.print(json ? AccountText.json(account) + "\n" : AccountText.text(account));
            return 0;
        } catch (Refusal e) {
            err.println("ebb doctor: " + e.getMessage());
        } catch (NoClassDefFoundError e) {
            err.println("ebb doctor: this Java run-time has no module jdk.attach; run this with a JDK");
        } catch (IOException e) {
            err.println("ebb doctor: " + e.getMessage());
        }
        return 1;
    }
}
