package dev.ebb;

import dev.ebb.command.EbbCommand;
import dev.ebb.command.Usage;
import dev.ebb.doctor.DoctorCommand;
import dev.ebb.memory.NativeLibrary;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** What the jar can do as a program: {@code java -jar ebb-agent.jar status PID}. */
final class Tools {
    private static final Set<String> HELP = Set.of("help", "--help", "-h", "-?");
    private static final Set<String> VERSION = Set.of("--version", "-version", "version");

    private Tools() { }

    static void run(String[] arguments) {
        int code = code(arguments);
        if (code != 0) {
            System.out.flush();
            // a program of ours, and not somebody else's
            Runtime.getRuntime().halt(code);
        }
    }

    private static int code(String[] arguments) {
        String command = arguments.length == 0 ? "" : arguments[0];
        if (command.equals("doctor")) {
            return DoctorCommand.run(Arrays.asList(arguments).subList(1, arguments.length), NativeLibrary.inJar(), System.out, System.err);
        }
        if (command.isEmpty()) {
            System.err.print(Usage.text());
            return 2;
        }
        boolean json = Arrays.asList(arguments).contains("--json");
        if (VERSION.contains(command)) {
            System.out.println(json ? "{\"version\":\"" + Voice.version() + "\"}" : "Ebb " + Voice.version());
            return 0;
        }
        if (HELP.contains(command)) {
            System.out.print(json ? Usage.json() + "\n" : Usage.text());
            return 0;
        }
        return EbbCommand.run(arguments, jar(), System.out, System.err);
    }

    private static String jar() {
        try {
            return Path.of(Tools.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
