package dev.ebb.record;

import dev.ebb.load.Load;
import dev.ebb.load.Pending;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Loads of which nothing is left but stages that wait for futures. If one of their own tasks completes the future, it does so at once. A future of somebody
 * else's may be completed in hours, or never: a listener to the closing of a segment must not keep the load of that segment open. So such a load is
 * given {@value #PATIENCE_MILLIS} ms; then the stages are let go, and run as the program's if they ever do. A load whose body has returned a future waits for that.
 */
final class StageWatch {
    private static final long PATIENCE_MILLIS = 2_000;

    private final FutureInternals internals;
    private final Queue<Load> told = new ConcurrentLinkedQueue<>();
    private final Map<Load, Long> sinceNanos = new HashMap<>();

    StageWatch(FutureInternals internals) {
        this.internals = internals;
    }

    /** On any thread. */
    void onlyStagesWait(Load load) {
        told.add(load);
    }

    /** On the worker. */
    void look() {
        if (told.isEmpty() && sinceNanos.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        for (Load load = told.poll(); load != null; load = told.poll()) {
            sinceNanos.putIfAbsent(load, now);
        }
        for (Iterator<Map.Entry<Load, Long>> i = sinceNanos.entrySet().iterator(); i.hasNext();) {
            Map.Entry<Load, Long> entry = i.next();
            Load load = entry.getKey();
            if (!load.onlyStagesWait()) {
                i.remove();
            } else {
                boolean over = now - entry.getValue() > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS) && !load.returnedFutureIsOpen();
                letGo(load, over);
            }
        }
    }

    private void letGo(Load load, boolean waiting) {
        for (Pending task : load.pending().list()) {
            Ticket ticket = (Ticket) task;
            Object completion = ticket.isStage() ? ticket.get() : null;
            if (completion != null && (internals.isDead(completion) || waiting && internals.waitsForOthers(completion))) {
                ticket.drop();
            }
        }
    }
}
