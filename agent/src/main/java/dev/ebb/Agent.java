package dev.ebb;

import dev.ebb.config.EnabledCheck;
import java.lang.instrument.Instrumentation;

/** Where the JVM enters Ebb. Whatever goes wrong ends here as one line on stderr, and the program runs on without Ebb. */
public final class Agent {
    private Agent() { }

    /** Started with {@code -javaagent}. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation, false);
    }

    /** Attached to a running JVM. */
    public static void agentmain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation, true);
    }

    /** The commands in the jar. */
    public static void main(String[] arguments) {
        Tools.run(arguments);
    }

    private static void start(String arguments, Instrumentation instrumentation, boolean late) {
        try {
            if (!EnabledCheck.disabled(arguments) && !JdkTool.isMain()) {
                Starter.start(arguments, instrumentation, late);
            }
        } catch (Throwable t) {
            System.err.println("[ebb] Ebb is off, and the program runs without it: " + t);
        }
    }
}
