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
    private final Policy policy;
    private final CloseRung closing;
    private final CollectRung collecting;
    private final DeleteRung deleting;
    private final EventSink events;
    private final Rungs rungs;

    Ladder(Policy policy, Rungs rungs, CloseRung closing, CollectRung collecting, DeleteRung deleting, EventSink events) {
        this.closing = closing;
        this.rungs = rungs;
        this.policy = policy;
        this.collecting = collecting;
        this.deleting = deleting;
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
        try {
            boolean silent = rungs.isSilent(rung);
            if (!silent && rungs.observes(rung) && !goesOn(rung, c)) {
                sayOnly(rung, c);
                return true;
            }
            return silent ? leaveOut(rung, c) : climb(rung, c);
        } catch (RuntimeException | Error e) {
            rungs.failed(rung, e);
            return leaveOut(rung, c);
        }
    }

    private boolean climb(Rung rung, Case c) {
        return switch (rung) {
            case CLOSE -> closing.isDone(c);
            case COLLECT -> collecting.isDone(c);
            default -> deleting.isDone(c);
        };
    }

    /** Ebb may not act any more, by the user's word or after faults, and what it has begun is led to its end. */
    private boolean goesOn(Rung rung, Case c) {
        return rung == Rung.CLOSE && closing.goesOn(c) || rung == Rung.DELETE && c.deletion != null;
    }

    private void sayOnly(Rung rung, Case c) {
        Event event = LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", rung.text());
        switch (rung) {
            case CLOSE -> {
                List<String> closes = closing.plan(c);
                if (!closes.isEmpty()) {
                    c.trouble("nothing is closed while Ebb only watches");
                }
                events.event(event.with("wouldClose", closes.size()).with("closes", closes));
            }
            case COLLECT -> {
                if (CollectRung.waitsForCleaners(c.load)) {
                    events.event(event.with("wouldCollect", Boolean.TRUE));
                }
            }
            default -> {
                c.undeletedFiles = DeleteRung.created(c).size();
                if (c.undeletedFiles > 0) {
                    events.event(event.with("wouldDelete", deleting.wouldDelete(c, c.resultClosed)));
                }
            }
        }
    }

    /** Nothing that was begun is waited for. */
    private boolean leaveOut(Rung rung, Case c) {
        c.trouble("a fault of Ebb's own in the rung " + rung.text() + ", see trouble in the log");
        if (rung == Rung.CLOSE) {
            closing.leave(c);
        } else if (rung == Rung.DELETE) {
            c.undeletedFiles = DeleteRung.created(c).size();
        } else {
            c.collectMark = null;
        }
        return true;
    }

    /** The files that had to wait while their load was retried; true once that is over. */
    boolean filesAreDone(Case c) {
        return isDone(Rung.DELETE, c);
    }

    /** Says what the rungs would do, and does nothing. */
    void sayOnly(Case c) {
        LateResult late = c.load.result();
        c.enter(Phase.CLOSE, System.nanoTime());
        List<String> closes = closing.plan(c);
        events.event(LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", "observe")
            .with("wouldCloseResult", late == null || late.isClosedByProgram() || c.apart != null ? null : late.type()).with("resultLeft", c.resultLeft)
            .with("wouldClose", closes.size()).with("closes", closes)
            .with("wouldDelete", deleting.wouldDelete(c, late != null && !late.isClosedByProgram() && c.apart == null))
            .with("wouldPurge", policy.purge()).bytes("heldBytes", LoadEvents.offHeapBytes(c.load)));
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
