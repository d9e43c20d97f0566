package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.EventSink;
import dev.ebb.load.Load;
import dev.ebb.load.ResourceKind;
import dev.ebb.rollback.Case.Phase;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/**
 * The rung that has garbage collected: one collection for all loads that wait for one at that moment, to be proven free or to have their buffers freed, and
 * for releases that are looked at. Used by the worker alone.
 */
final class CollectRung {
    /** Collections after the closing, until buffers and mappings that only the garbage collector frees are gone. */
    private static final int COLLECTIONS = 2;
    /** How long cleaners may take after a collection. */
    private static final long CLEANERS_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Where none can be asked for, those that the program causes are waited for so long. */
    private static final long NATURAL_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Policy policy;
    private final Jitter jitter;
    private final Collector collector;
    private final ProofRung proving;
    private final Releases releases;
    private final Gauge gauge;
    private final EventSink events;

    CollectRung(Policy policy, Jitter jitter, Collector collector, ProofRung proving, Releases releases, Gauge gauge, EventSink events) {
        this.policy = policy;
        this.jitter = jitter;
        this.collector = collector;
        this.proving = proving;
        this.releases = releases;
        this.gauge = gauge;
        this.events = events;
    }

    /** True when nothing is left that a collection could free, or collections are used up; else one is wanted, or its cleaners are at work. */
    boolean isDone(Case c) {
        c.wantsCollection = false;
        if (!policy.gc() || !waitsForCleaners(c.load)) {
            say(c);
            return true;
        }
        long now = System.nanoTime();
        if (!collector.canAsk()) {
            return naturally(c, now);
        }
        if (c.collections > 0 && now - c.collectedNanos < CLEANERS_NANOS) {
            return false;
        }
        say(c);
        c.wantsCollection = c.collections < COLLECTIONS;
        return !c.wantsCollection;
    }

    /** Those that the program causes may look at young objects only: it is waited until one has freed all, but not for ever. */
    private boolean naturally(Case c, long now) {
        if (c.collectMark == null) {
            c.collectMark = gauge.begin();
        }
        boolean over = now - c.phaseNanos > NATURAL_NANOS;
        if (over) {
            c.trouble("no collection that the program has caused has freed them within " + TimeUnit.NANOSECONDS.toSeconds(NATURAL_NANOS)
                + " s, and none can be asked for: " + collector.note());
            say(c);
        }
        return over;
    }

    /** Once its cleaners have had their time: what they give back is the collection's. */
    private void say(Case c) {
        if (c.collectMark != null) {
            Event event = Ladder.step(gauge, c, Rung.COLLECT.text(), c.collectMark);
            c.collectMark = null;
            events.event(event.with("note", collector.note()));
        }
    }

    static boolean waitsForCleaners(Load load) {
        return load.ledger().recordedCount(ResourceKind.DIRECT) + load.ledger().recordedCount(ResourceKind.MAPPED)
            + load.ledger().recordedCount(ResourceKind.FILE) > 0;
    }

    /** One collection for all, if any wants one and it is not too soon after the last. Blocks the worker for as long as it takes. */
    void collect(Collection<Case> cases, long now) {
        boolean wanted = releases.wantCollection(now);
        for (Case c : cases) {
            wanted |= c.wantsCollection;
        }
        if (!wanted || !collector.mayRequest(now) || !jitter.isOver(now)) {
            return;
        }
        for (Case c : cases) {
            if (c.phase == Phase.PROOF) {
                proving.beforeCollection(c);
            } else if (c.phase == Phase.COLLECT && c.wantsCollection) {
                c.collectMark = gauge.begin();
                c.collections++;
            }
            c.wantsCollection = false;
        }
        releases.beforeCollection(now);
        collector.collect();
        long after = System.nanoTime();
        for (Case c : cases) {
            c.collectedNanos = after;
        }
        releases.afterCollection(after);
    }
}
