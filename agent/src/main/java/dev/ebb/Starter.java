package dev.ebb;

import dev.ebb.config.Options;
import dev.ebb.weave.BridgeInstaller;
import dev.ebb.weave.Openings;
import java.lang.instrument.Instrumentation;

/** What happens before the program goes on: options are read, the bridge is put in, hooks are woven. The rest is made by Ebb's thread. */
final class Starter {
    /** Ebb was here, and has been detached: its bridge is still there. */
    private static boolean left;

    private Starter() { }

    /** @param late whether the program runs already: then it must not wait at its next load, and Ebb is made whole before anything is woven */
    static synchronized void start(String arguments, Instrumentation instrumentation, boolean late) throws Exception {
        boolean bridged = BridgeInstaller.installed();
        if (bridged && !left) {
            System.err.println("[ebb] Ebb is in this JVM already; remove the second -javaagent (or the attach): it is ignored");
            return;
        }
        WorkerThread thread = WorkerThread.start();
        Instance instance = null;
        try {
            Options options = Options.read(arguments);
            Openings openings = new Openings(instrumentation);
            if (!bridged) {
                BridgeInstaller.install(openings);
            }
            left = false;
            instance = new Instance(arguments, options, instrumentation, openings, thread.itself());
            if (late) {
                instance.make();
            } else {
                instance.listen();
            }
            instance.weave();
        } finally {
            thread.go(instance);
        }
    }

    /** Ebb has been detached; it may be attached again. */
    static synchronized void left() {
        left = true;
    }
}
