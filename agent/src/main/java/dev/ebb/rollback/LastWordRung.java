package dev.ebb.rollback;

import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.Load;
import dev.ebb.load.LoadAbandonedError;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Presence;
import dev.ebb.load.ThreadAccount;
import dev.ebb.load.ThreadStopper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The rung that only the user can ask for ({@code ebb.rollback.stop=on}): the JVM throws in threads that neither a checkpoint nor an interrupt has ended within
 * the grace, wherever they stand, if what stands on their stack then allows it. Used by the worker alone.
 */
final class LastWordRung {
    private static final int ATTEMPTS = 3;
    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final LoadRegistry registry;
    private final ThreadStopper stopper;
    private final EventSink events;

    LastWordRung(LoadRegistry registry, ThreadStopper stopper, EventSink events) {
        this.registry = registry;
        this.stopper = stopper;
        this.events = events;
    }

    /** @param acts false to say only what would be done; @param message of the error that is thrown */
    void climb(Case c, boolean acts, String message, long now) {
        if (c.lastWords >= ATTEMPTS || c.lastWords > 0 && now - c.lastWordNanos < APART_NANOS) {
            return;
        }
        c.lastWords++;
        c.lastWordNanos = now;
        List<String> stopped = new ArrayList<>();
        List<String> leftAlone = new ArrayList<>();
        for (Load load : InterruptRung.family(registry, c.load)) {
            for (ThreadAccount account : load.threads().inside()) {
                Thread thread = account.thread();
                String refusal = thread == null ? "gone" : stop(load, thread, account.presence(), acts, message);
                (refusal.isEmpty() ? stopped : leftAlone).add(account.name() + (refusal.isEmpty() ? "" : ": " + refusal));
            }
        }
        events.event(LoadEvents.about(c.load, Level.WARN, "rollback.step").with("step", Rung.STOP.text()).with(acts ? "stopped" : "wouldStop", stopped)
            .with("leftAlone", leftAlone.isEmpty() ? null : leftAlone).with("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - now)));
    }

    /** @return empty, or why not */
    private String stop(Load load, Thread thread, Presence presence, boolean acts, String message) {
        if (!presence.hold(load)) {
            return "in no task of the load";
        }
        try {
            String refusal = registry.refusal(load, thread);
            return refusal != null ? refusal : acts ? stopper.stop(thread, new LoadAbandonedError(message)) : "";
        } finally {
            presence.letGo(load);
        }
    }
}
