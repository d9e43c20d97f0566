package dev.ebb.rollback;

import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** RSS once more after each verdict, a little later and 30 s later: what comes back by itself, or an allocator gives back late. Used by the worker alone. */
final class Rechecks {
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LoadRegistry registry;
    private final Memory memory;
    private final EventSink events;
    private final PurgeRung purging;
    private final List<Case> ended = new ArrayList<>();

    Rechecks(LoadRegistry registry, Memory memory, EventSink events, PurgeRung purging) {
        this.registry = registry;
        this.memory = memory;
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
            if (!c.lookedAgain && now - c.verdictNanos > AGAIN_NANOS) {
                c.lookedAgain = true;
                if (registry.undecided().isEmpty()) {
                    purging.purgeAgain(c);
                }
            }
            if (now - c.verdictNanos > RECHECK_NANOS) {
                ended.remove(c);
                long rss = memory.residentBytes();
                events.event(LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", "recheck").bytes("rssAfterBytes", rss)
                    .ratio("ebb", Verdict.ebb(c.load, rss)).with("openLoads", registry.undecided().size()));
            }
        }
    }
}
