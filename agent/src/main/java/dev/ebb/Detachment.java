package dev.ebb;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.load.Live;
import dev.ebb.memory.ProcessMemory;
import dev.ebb.rollback.Worker;

/**
 * How Ebb leaves a program that goes on: first the classes are restored, so that nothing new comes in, then what has ended is said, then nobody is heard any more, and at last the
 * threads end. What loads hold is left alone. The bridge class stays, silent, until the JVM ends: no JVM unloads a class of its own.
 */
final class Detachment {
    private static final long REPORTS_MILLIS = 500;

    private final Worker worker;
    private final Reporter reporter;
    private final Outside outside;
    private final Thread hook;
    private final Voice voice;
    private final ProcessMemory memory;

    /** @param hook of the shutdown */
    Detachment(Worker worker, Reporter reporter, Outside outside, Thread hook, Voice voice, ProcessMemory memory) {
        this.memory = memory;
        this.worker = worker;
        this.reporter = reporter;
        this.outside = outside;
        this.hook = hook;
        this.voice = voice;
    }

    /** @return what could not be taken back, in words; empty as a rule */
    synchronized String run(Live live) {
        if (!live.mode().equals("off")) {
            live.mode("off");
        }
        boolean ended = worker.leave();
        EbbBridge.connect(null);
        voice.stopped();
        reporter.finish(REPORTS_MILLIS);
        reporter.close();
        outside.leave();
        voice.lines().close();
        memory.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException theProgramEnds) {
            return "the program is ending";
        }
        Starter.left();
        return ended ? "" : "the worker is in something that takes long, and ends after it";
    }
}
