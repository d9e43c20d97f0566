package dev.ebb.rollback;

import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.Load;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Presence;
import dev.ebb.load.ThreadAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The rung that interrupts the threads of a load: each at most {@value #ATTEMPTS} times, only while it works for that load and for nothing else, and only
 * where that hurts nobody else. Used by the worker alone.
 */
final class InterruptRung {
    static final int ATTEMPTS = 5;
    /** Checkpoints come first; then interrupts at 0.05, 0.3, 1.3, 3.3 and 4.8 s, all within the default of ebb.rollback.grace. */
    private static final long[] WAIT_MILLIS = {50, 250, 1000, 2000, 1500};
    /** How soon a thread is looked at again that had to be left alone. */
    private static final long REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final LoadRegistry registry;
    private final EventSink events;

    InterruptRung(LoadRegistry registry, EventSink events) {
        this.registry = registry;
        this.events = events;
    }

    /** @param acts false to say only what would be done */
    void climb(Case c, boolean acts, long now) {
        if (now - c.stopNanos < TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS[0])) {
            return;
        }
        List<String> interrupted = new ArrayList<>();
        List<String> leftAlone = new ArrayList<>();
        for (Load load : family(registry, c.load)) {
            for (ThreadAccount account : load.threads().inside()) {
                look(load, account, acts, interrupted, leftAlone);
            }
        }
        // the same is not said again and again
        boolean refusedAnew = !leftAlone.isEmpty() && c.refusals.addAll(leftAlone);
        if (!interrupted.isEmpty() || refusedAnew) {
            events.event(LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", Rung.INTERRUPT.text())
                .with(acts ? "interrupted" : "wouldInterrupt", interrupted).with("leftAlone", leftAlone.isEmpty() ? null : leftAlone)
                .with("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - now)));
        }
    }

    /** The load, and loads in other threads that work for it. */
    static List<Load> family(LoadRegistry registry, Load load) {
        List<Load> family = new ArrayList<>();
        for (Load other : registry.undecided()) {
            for (Load l = other; l != null; l = l.parent()) {
                if (l == load) {
                    family.add(other);
                    break;
                }
            }
        }
        return family;
    }

    private void look(Load load, ThreadAccount account, boolean acts, List<String> interrupted, List<String> leftAlone) {
        Presence presence = account.presence();
        Thread thread = account.thread();
        int attempts = presence.attempts(load);
        if (thread == null || attempts >= ATTEMPTS || !presence.isDue(load, System.nanoTime()) || thread.isInterrupted() || !presence.hold(load)) {
            return;
        }
        boolean may = false;
        try {
            String refusal = registry.refusal(load, thread);
            may = refusal == null;
            if (may && acts) {
                presence.interrupt(thread);
            }
            if (may) {
                interrupted.add(thread.getName());
            } else {
                leftAlone.add(thread.getName() + ": " + refusal);
            }
        } finally {
            presence.letGo(load);
            long wait = may ? TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS[Math.min(attempts + 1, ATTEMPTS - 1)]) : REFUSED_NANOS;
            presence.lookedAt(load, may, System.nanoTime() + wait);
        }
    }
}
