package dev.ebb;

import dev.ebb.command.EbbCommand;
import dev.ebb.doctor.DoctorCommand;
import dev.ebb.memory.NativeLibrary;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** What the jar can do as a program: {@code java -jar ebb-agent.jar status PID}. */
final class Tools {
    private static final Set<String> HELP = Set.of("help", "--help", "-h", "-?");

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
        if (EbbCommand.knows(command)) {
            return EbbCommand.run(arguments, jar(), System.out, System.err);
        }
        if (command.equals("--version") || command.equals("-version") || command.equals("version")) {
            System.out.println("Ebb " + Voice.version());
            return 0;
        }
        if (HELP.contains(command)) {
            System.out.print(EbbCommand.usage());
            return 0;
        }
        System.err.print(EbbCommand.usage());
        return 2;
    }

    private static String jar() {
        try {
            return Path.of(Tools.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
