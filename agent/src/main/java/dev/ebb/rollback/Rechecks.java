package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.LoadRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** RSS once more after each verdict, a little later and 30 s later: what comes back by itself, or an allocator gives back late. Used by the worker alone. */
final class Rechecks {
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LoadRegistry registry;
    private final Reckoning reckoning;
    private final EventSink events;
    private final PurgeRung purging;
    private final List<Case> ended = new ArrayList<>();

    Rechecks(LoadRegistry registry, Reckoning reckoning, EventSink events, PurgeRung purging) {
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

    void look(long now) {
        for (Case c : List.copyOf(ended)) {
            if (!c.lookedAgain && now - c.verdictNanos > AGAIN_NANOS) {
                c.lookedAgain = true;
                if (registry.undecided().isEmpty()) {
                    purging.purgeAgain(c);
                }
            }
            if (now - c.verdictNanos > RECHECK_NANOS) {
                ended.remove(c);
                recheck(c);
            }
        }
    }
}
