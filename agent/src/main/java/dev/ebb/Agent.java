package dev.ebb;

import dev.ebb.config.EnabledCheck;
import java.lang.instrument.Instrumentation;

/** Where the JVM enters Ebb. Whatever goes wrong ends here as one line on stderr, and the program runs on without Ebb. */
public final class Agent {
    private Agent() { }

    /** Started with {@code -javaagent}. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation);
    }

    /** Attached to a running JVM. */
    public static void agentmain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation);
    }

    /** The tools in the jar; without one of them it says how Ebb is used. */
    public static void main(String[] arguments) {
        if (Tools.run(arguments)) {
            return;
        }
        System.err.println("Ebb is a Java agent. Start your program with: java -javaagent:ebb-agent.jar '-Debb.loads=pkg.Class#method' ...");
    }

    private static void start(String arguments, Instrumentation instrumentation) {
        try {
            if (!EnabledCheck.disabled(arguments) && !JdkTool.isMain()) {
                Starter.start(arguments, instrumentation);
            }
        } catch (Throwable t) {
            System.err.println("[ebb] Ebb is off, and the program runs without it: " + t);
        }
    }
}
