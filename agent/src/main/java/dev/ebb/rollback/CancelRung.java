package dev.ebb.rollback;

import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.LoadRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The rung that cancels what a load has queued and that has not begun, and sends idle threads of its pools home. Used by the worker alone. */
final class CancelRung {
    /** Threads of the load may go on queueing. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LoadRegistry registry;
    private final EventSink events;

    CancelRung(LoadRegistry registry, EventSink events) {
        this.registry = registry;
        this.events = events;
    }

    /** @param acts false to say only what would be done, each thing once */
    void climb(Case c, boolean acts, long now) {
        if (c.cancelNanos != 0 && now - c.cancelNanos < AGAIN_NANOS) {
            return;
        }
        c.cancelNanos = now;
        int tasks = registry.cancelWaiting(c.load, acts);
        List<String> pools = registry.sendIdleHome(c.load, acts);
        if (!acts) {
            // nothing was changed by the last look: what it saw is seen again
            int tasksBefore = c.wouldCancel;
            int poolsBefore = c.wouldSendHome;
            c.wouldCancel = Math.max(tasksBefore, tasks);
            c.wouldSendHome = Math.max(poolsBefore, pools.size());
            tasks = c.wouldCancel - tasksBefore;
            pools = c.wouldSendHome > poolsBefore ? pools : List.of();
        }
        if (tasks > 0 || !pools.isEmpty()) {
            events.event(LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", Rung.CANCEL.text()).with(acts ? "cancelled" : "wouldCancel", tasks)
                .with(acts ? "idleSentHome" : "wouldSendHome", pools.isEmpty() ? null : pools)
                .with("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - now)));
        }
    }
}
