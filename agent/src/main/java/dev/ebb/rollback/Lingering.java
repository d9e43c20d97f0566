package dev.ebb.rollback;

import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.Load;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Loads that have ended, well or badly, and are not quiet: a thread or task of theirs goes on. They stay open. After the grace the end of those that ended
 * well is said, and each thread that lives on is named once. Used by the worker alone.
 */
final class Lingering {
    private final Policy policy;
    private final EventSink events;
    private final Set<Load> said = Collections.newSetFromMap(new WeakHashMap<>());
    private final Set<Thread> named = Collections.newSetFromMap(new WeakHashMap<>());

    Lingering(Policy policy, EventSink events) {
        this.policy = policy;
        this.events = events;
    }

    boolean graceIsOver(Load load) {
        return load.left() && System.nanoTime() - load.leftNanos() > policy.graceNanos();
    }

    /** True the first time: its end is to be said now. */
    boolean isToBeSaid(Load load) {
        return said.add(load);
    }

    boolean wasSaid(Load load) {
        return said.contains(load);
    }

    void nameThreads(Load load) {
        List<Thread> alive = Holders.bornAndAlive(load);
        for (Thread thread : alive) {
            if (named.add(thread)) {
                events.event(LoadEvents.about(load, Level.WARN, "thread.leaked").with("thread", thread.getName()).with("stack", Holders.describe(thread)));
            }
        }
    }
}
