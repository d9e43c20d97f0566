package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.LoadRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * RSS once more after each verdict, a little later (when a purge may be repeated) and 30 s later: what comes back by itself, or an allocator gives back
 * late. After a close that hangs the same begins anew when it has returned, with a purge. Used by the worker alone.
 */
final class Rechecks {
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Rungs rungs;
    private final LoadRegistry registry;
    private final Reckoning reckoning;
    private final EventSink events;
    private final PurgeRung purging;
    private final List<Case> ended = new ArrayList<>();

    Rechecks(Rungs rungs, LoadRegistry registry, Reckoning reckoning, EventSink events, PurgeRung purging) {
        this.rungs = rungs;
        this.registry = registry;
        this.reckoning = reckoning;
        this.events = events;
        this.purging = purging;
    }

    void add(Case c) {
        ended.add(c);
    }

    /** Whether something is to be looked at within seconds. */
    boolean needAttention() {
        for (Case c : ended) {
            if (!c.lookedAgain) {
                return true;
            }
        }
        return false;
    }

    void look(long now) {
        for (Case c : List.copyOf(ended)) {
            if (!c.hangingCloses.isEmpty() && !hangs(c)) {
                // what it has freed at last lies in the allocators
                c.hangingCloses.clear();
                c.hanging.clear();
                c.verdictNanos = now;
                c.lookedAgain = false;
                if (rungs.acts(Rung.PURGE)) {
                    purging.request(String.valueOf(c.load.id()));
                }
            }
            if (!c.lookedAgain && now - c.verdictNanos > AGAIN_NANOS && purging.mayRepeat(now)) {
                c.lookedAgain = true;
                purgeAgain(c);
            }
            if (c.hangingCloses.isEmpty() && now - c.verdictNanos > RECHECK_NANOS) {
                ended.remove(c);
                rungs.guarded("recheck", () -> recheck(c));
            }
        }
    }

    private void purgeAgain(Case c) {
        try {
            if (registry.undecided().isEmpty()) {
                purging.purgeAgain(c);
            }
        } catch (RuntimeException | Error e) {
            rungs.failed(Rung.PURGE, e);
        }
    }

    private static boolean hangs(Case c) {
        for (Closing closing : c.hangingCloses) {
            if (closing.hangs()) {
                return true;
            }
        }
        return false;
    }

    private void recheck(Case c) {
        c.undeletedFiles = Deleter.stillThere(c.filesLeft);
        Balance balance = reckoning.of(c, false);
        Verdict verdict = Verdict.of(c, balance);
        boolean changed = !verdict.text().equals(c.verdict);
        long rss = balance.rss().after().totalBytes();
        Event event = LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", "recheck").bytes("rssAfterBytes", rss);
        Verdict.ebb(event, c.load, rss).with("openLoads", registry.undecided().size()).with("verdict", changed ? verdict.text() : null)
            .bytes("unexplainedBytes", balance.unexplainedBytes()).with("holders", changed ? verdict.holders() : null);
        events.event(event);
    }
}
