package dev.ebb;

import dev.ebb.doctor.DoctorCommand;
import dev.ebb.memory.NativeLibrary;
import java.util.Arrays;

/** What the jar can do as a program: {@code java -jar ebb-agent.jar doctor PID}. */
final class Tools {
    private Tools() { }

    /** @return false if the first argument names no tool */
    static boolean run(String[] arguments) {
        if (arguments.length == 0 || !arguments[0].equals("doctor")) {
            return false;
        }
        int code = DoctorCommand.run(Arrays.asList(arguments).subList(1, arguments.length), NativeLibrary.inJar(), System.out, System.err);
        if (code != 0) {
            // a program of ours, and not somebody else's
            Runtime.getRuntime().halt(code);
        }
        return true;
    }
}
