package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.Memory;
import dev.ebb.load.Purged;
import dev.ebb.rollback.Case.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The rung that makes allocators return pages: once for all rollbacks that are close together. Used by the worker alone. */
final class PurgeRung {
    /** How long a load that is ready to be purged waits for others that are close behind it. */
    private static final long COMPANY_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** RSS that is worth another purge. */
    private static final long WORTH_BYTES = 4 << 20;

    private static final int NAMED = 100;

    private final Policy policy;
    private final Rungs rungs;
    private final Jitter jitter;
    private final Gauge gauge;
    private final EventSink events;
    private final Cases.Accounts accounts;
    /** Loads that the program has released since the last purge; at most a line full is named. */
    private final Set<String> released = new LinkedHashSet<>();
    private boolean requested;
    private long requestedNanos;
    private long purgedNanos;
    private long repeatedNanos;

    PurgeRung(Policy policy, Rungs rungs, Jitter jitter, Gauge gauge, EventSink events, Cases.Accounts accounts) {
        this.policy = policy;
        this.rungs = rungs;
        this.jitter = jitter;
        this.gauge = gauge;
        this.events = events;
        this.accounts = accounts;
        this.purgedNanos = System.nanoTime() - policy.purgeIntervalNanos();
        this.repeatedNanos = purgedNanos;
    }

    /** The program has released something. @param load the number of the load that had brought it in, or null if that is not known */
    void request(String load) {
        if (!requested) {
            requested = true;
            requestedNanos = System.nanoTime();
        }
        if (load != null && released.size() < NAMED) {
            released.add(load);
        }
    }

    boolean isRequested() {
        return requested;
    }

    /** One purge for all cases that have come so far, which are ready for their verdict then; those on their way are waited for a little. */
    void purge(Collection<Case> cases, long now) {
        List<Case> waiting = new ArrayList<>();
        boolean othersComing = false;
        long oldestNanos = now;
        for (Case c : cases) {
            if (c.phase == Phase.PURGE) {
                waiting.add(c);
                oldestNanos = Math.min(oldestNanos, c.phaseNanos);
            } else {
                othersComing |= c.phase.compareTo(Phase.PROOF) > 0 && c.phase.compareTo(Phase.PURGE) < 0 || ProofRung.goesOn(c);
            }
        }
        boolean wanted = !waiting.isEmpty() || requested && now - requestedNanos > COMPANY_NANOS;
        boolean due = wanted && isAllowed(now) && (!othersComing || now - oldestNanos > COMPANY_NANOS) && jitter.isOver(now);
        if (due) {
            purge(waiting);
        }
    }

    /** Whether the last purge of this rung was over so long ago that another one may be made: at a time, not since. */
    boolean isAllowed(long now) {
        return now - purgedNanos >= policy.purgeIntervalNanos();
    }

    /** The same for its repetition: one belongs to each purge, so in each interval there is one of these at most, too. */
    boolean mayRepeat(long now) {
        return now - repeatedNanos >= policy.purgeIntervalNanos();
    }

    /** After a fault of Ebb's own: nobody waits for a purge. */
    void leaveOut(Collection<Case> cases) {
        for (Case c : cases) {
            if (c.phase == Phase.PURGE) {
                c.enter(Phase.VERDICT, System.nanoTime());
            }
        }
    }

    private void purge(List<Case> waiting) {
        Purged purged = purge(gauge.memory());
        List<String> loads = new ArrayList<>(released);
        released.clear();
        requested = false;
        for (Case c : waiting) {
            c.purged = purged;
            c.byStepBytes += purged == null ? 0 : purged.returnedBytes();
            c.enter(Phase.VERDICT, System.nanoTime());
            loads.add(String.valueOf(c.load.id()));
            if (rungs.observes(Rung.PURGE)) {
                events.event(LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", Rung.PURGE.text()).with("wouldPurge", Boolean.TRUE));
            }
        }
        if (purged != null) {
            purgedNanos = System.nanoTime();
            gauge.add(purged.returnedBytes());
            accounts.purged(purged.nanos(), purged.returnedBytes());
            events.event(new Event(Level.INFO, "purge.done").with("loads", loads).with("allocator", purged.allocator()).with("way", purged.way())
                .bytes("purgedBytes", purged.returnedBytes()).with("purgeMs", TimeUnit.NANOSECONDS.toMillis(purged.nanos()))
                .bytes("allocatedBytes", purged.allocatedBytes()).bytes("cachedBytes", purged.cachedBytes())
                .bytes("threadCachesBytes", purged.threadCachesBytes()).bytes("fragmentedBytes", purged.fragmentedBytes())
                .with("note", purged.note().isEmpty() ? null : purged.note()));
        }
    }

    /**
     * The loaded code is hot, and the JVM may still be compiling it when its load is rolled back: what the compiler frees afterwards (10 to 20 MiB were seen)
     * stays in the allocator. The same purge once more, if RSS has grown since the verdict, or threads have given back what their caches held. To be called when
     * {@link #mayRepeat}: of many loads that ask for it at once, the first gets it.
     */
    void purgeAgain(Case c) {
        Memory memory = gauge.memory();
        if (rungs.acts(Rung.PURGE) && c.purged != null && (memory.residentBytes() - c.rssAfterBytes > WORTH_BYTES || memory.flushedSincePurge() > 0)) {
            Gauge.Mark began = gauge.begin();
            memory.purge();
            repeatedNanos = System.nanoTime();
            events.event(Ladder.step(gauge, c, "purge again", began));
        }
    }

    /** Null if there is none. */
    private Purged purge(Memory memory) {
        try {
            return rungs.acts(Rung.PURGE) ? memory.purge() : null;
        } catch (RuntimeException | Error e) {
            rungs.failed(Rung.PURGE, e);
            return null;
        }
    }
}
