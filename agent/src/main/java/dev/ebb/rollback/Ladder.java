package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.LateResult;
import dev.ebb.load.Load;
import dev.ebb.load.ResourceKind;
import dev.ebb.rollback.Case.Phase;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The rungs from "quiet and proven" to the purge: close, collect, delete. Each says in one line what it gave back, measured. Used by the worker alone.
 */
final class Ladder {
    /** Collections after the closing, until buffers and mappings that only the garbage collector frees are gone. */
    private static final int COLLECTIONS = 2;
    /** How long cleaners may take after a collection. */
    private static final long CLEANERS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Policy policy;
    private final Collector collector;
    private final CloseRung closing;
    private final DeleteRung deleting;
    private final Gauge gauge;
    private final Reckoning reckoning;
    private final EventSink events;
    private final Rungs rungs;

    Ladder(Policy policy, Rungs rungs, Collector collector, CloseRung closing, DeleteRung deleting, Gauge gauge, Reckoning reckoning, EventSink events) {
        this.closing = closing;
        this.rungs = rungs;
        this.policy = policy;
        this.collector = collector;
        this.deleting = deleting;
        this.gauge = gauge;
        this.reckoning = reckoning;
        this.events = events;
    }

    /** Climbs as far as it goes without waiting; the phase tells where it stands. */
    void climb(Case c) {
        if (c.phase == Phase.CLOSE && isDone(Rung.CLOSE, c)) {
            // a reference that was handed over holds its object: from here on Ebb must not be what keeps the result's buffers alive
            c.proof.forget();
            c.enter(Phase.COLLECT, System.nanoTime());
        }
        if (c.phase == Phase.COLLECT && isDone(Rung.COLLECT, c)) {
            c.enter(Phase.CLOSE_REST, System.nanoTime());
        }
        // what the result kept in reach until it was closed
        if (c.phase == Phase.CLOSE_REST && isDone(Rung.CLOSE, c)) {
            c.enter(Phase.DELETE, System.nanoTime());
        }
        if (c.phase == Phase.DELETE && isDone(Rung.DELETE, c)) {
            c.enter(Phase.PURGE, System.nanoTime());
        }
    }

    /** A fault of Ebb's own costs this rung, for this load and all that come after it, and no other. */
    private boolean isDone(Rung rung, Case c) {
        if (rungs.hasFailed(rung)) {
            return leaveOut(rung, c);
        }
        try {
            return rung == Rung.CLOSE ? closing.isDone(c) : rung == Rung.COLLECT ? collected(c) : deleting.isDone(c);
        } catch (RuntimeException | Error e) {
            rungs.failed(rung, e);
            return leaveOut(rung, c);
        }
    }

    private static boolean leaveOut(Rung rung, Case c) {
        if (rung == Rung.DELETE) {
            c.undeletedFiles = (int) c.load.ledger().liveCount(ResourceKind.CREATED);
        }
        return true;
    }

    /** The files that had to wait while their load was retried; true once that is over. */
    boolean filesAreDone(Case c) {
        return deleting.isDone(c);
    }

    /** Says what the rungs would do, and does nothing. */
    void pretend(Case c) {
        LateResult late = c.load.result();
        c.enter(Phase.CLOSE, System.nanoTime());
        List<String> closes = closing.plan(c);
        events.event(LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", "observe")
            .with("wouldCloseResult", late == null || late.isClosedByProgram() ? null : late.type())
            .with("wouldClose", closes.size()).with("closes", closes)
            .with("wouldDelete", deleting.wouldDelete(c, late != null && !late.isClosedByProgram()))
            .with("wouldPurge", policy.purge()).bytes("heldBytes", LoadEvents.offHeapBytes(c.load)));
        Balance balance = reckoning.of(c, false);
        events.event(Verdict.of(c, balance).event(c, balance));
    }

    /** True when nothing is left that a collection could free, or collections are used up. */
    private boolean collected(Case c) {
        if (!policy.gc() || !waitsForCleaners(c.load)) {
            sayCollected(c);
            return true;
        }
        long now = System.nanoTime();
        if (c.collections > 0 && now - c.phaseNanos < CLEANERS_NANOS * c.collections) {
            return false;
        }
        sayCollected(c);
        if (c.collections == COLLECTIONS) {
            return true;
        }
        if (collector.mayRequest(now)) {
            c.collectMark = gauge.begin();
            c.collections++;
            collector.collect();
        }
        return false;
    }

    /** Once its cleaners have had their time: what they give back is the collection's. */
    private void sayCollected(Case c) {
        if (c.collectMark != null) {
            events.event(step(gauge, c, "collect", c.collectMark));
            c.collectMark = null;
        }
    }

    private static boolean waitsForCleaners(Load load) {
        return load.ledger().recordedCount(ResourceKind.DIRECT) + load.ledger().recordedCount(ResourceKind.MAPPED)
            + load.ledger().recordedCount(ResourceKind.FILE) > 0;
    }

    /** A line about one rung, with what it gave back, measured. @param began from before it */
    static Event step(Gauge gauge, Case c, String step, Gauge.Mark began) {
        long bytes = gauge.end(began);
        c.byStepBytes += bytes;
        return LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", step)
            .bytes("returnedBytes", bytes)
            .with("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began.nanos()));
    }
}
