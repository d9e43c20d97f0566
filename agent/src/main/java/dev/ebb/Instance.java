package dev.ebb;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.config.Options;
import dev.ebb.load.Sites;
import dev.ebb.record.Door;
import dev.ebb.report.Troubles;
import dev.ebb.weave.Openings;
import dev.ebb.weave.Weaver;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.instrument.Instrumentation;

/**
 * One Ebb, from its start to its end. A start needs the weaver alone; what is behind the hooks ({@link Wiring}), half of what Ebb loads, is made by Ebb's thread afterwards, beside the program's first
 * steps. A program that ends before that has had no load. Refers to the bridge, so it must not be linked before that is installed. The lock is for Ebb's own threads.
 */
final class Instance {
    private final InForce inForce;
    private final Switch mode;
    private final Troubles troubles = new Troubles();
    private final Weaver weaver;
    private final Door door;
    private final Thread hook = new Thread(null, new Stop(this), "ebb-stop", 0, false);
    private final Wiring.Woven woven;
    private volatile boolean started;
    private boolean tried;
    private boolean ended;
    private boolean off;
    private volatile Voice voice;
    private Wiring parts;

    /** @param arguments of the agent, null if there were none @param thread Ebb's, which makes the rest */
    Instance(String arguments, Options options, Instrumentation instrumentation, Openings openings, Thread thread) {
        door = new Door(thread, troubles);
        inForce = new InForce(options);
        mode = new Switch(options.mode());
        Sites sites = new Sites(!options.release().isEmpty());
        weaver = new Weaver(instrumentation, openings, options, sites, troubles);
        woven = new Wiring.Woven(arguments, instrumentation, openings, inForce, mode, troubles, sites, weaver, hook);
    }

    // ---- on the thread that starts Ebb

    /** From now on whoever enters a load waits for {@link #make}. */
    void listen() {
        EbbBridge.connect(door);
    }

    void weave() {
        if (isOff()) {
            return;
        }
        if (!mode.off()) {
            weaver.weave();
        }
        Runtime.getRuntime().addShutdownHook(hook);
        started = true;
    }

    // ---- on Ebb's thread, or before it

    /** Makes what records and rolls back, unless that was done or tried before; throws nothing. */
    void make() {
        if (tried) {
            return;
        }
        tried = true;
        try {
            Wiring made = new Wiring(woven, voice());
            if (isUsed(made)) {
                made.listen(door);
            } else {
                silence();
            }
        } catch (Throwable t) {
            silence();
            off(t);
        }
    }

    private void silence() {
        EbbBridge.connect(null);
        door.open(null);
    }

    /** The rest of the thread's life. To be called when the start is over: before that, Ebb would look at a program that is being woven. */
    void run() {
        Wiring its = parts();
        if (started && its != null) {
            its.work();
        } else if (!started || isOff()) {
            takeBack();
        }
    }

    private void takeBack() {
        try {
            silence();
            if (!mode.off()) {
                weaver.unweave();
            }
        } catch (RuntimeException | Error e) {
            // what is woven stays so, and silent
            off(e);
        }
    }

    // ---- when the program ends

    /** Says what has ended. On a thread of Ebb's. */
    void stop() {
        try {
            Wiring its = end();
            if (its != null) {
                its.stop();
            }
            if (!isOff()) {
                voice().stopped();
            }
        } catch (RuntimeException | Error e) {
            off(e);
        }
    }

    /** Whether a line of the log is on its way for so long. Waits for nobody. */
    boolean isStuck(long nanos) {
        Voice its = voice;
        return its != null && its.lines().isStuck(nanos);
    }

    // ---- for both threads

    private synchronized Voice voice() {
        if (voice == null) {
            voice = new Voice(inForce, mode, weaver, troubles);
        }
        return voice;
    }

    /** @return false if the program has ended meanwhile, and that was said */
    private synchronized boolean isUsed(Wiring made) {
        if (!ended) {
            parts = made;
        }
        return !ended;
    }

    private synchronized Wiring end() {
        ended = true;
        return parts;
    }

    private synchronized Wiring parts() {
        return parts;
    }

    private synchronized boolean isOff() {
        return off;
    }

    /** Said once, and not through System.err, which may be the program's own. */
    private synchronized void off(Throwable why) {
        if (!off) {
            off = true;
            new PrintStream(new FileOutputStream(FileDescriptor.err), true).println("[ebb] Ebb is off, and the program runs without it: " + why);
        }
    }
}
