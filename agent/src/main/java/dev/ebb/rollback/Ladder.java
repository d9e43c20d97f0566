package dev.ebb.rollback;

import dev.ebb.load.CreatedFile;
import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.LateResult;
import dev.ebb.load.Load;
import dev.ebb.load.Memory;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Purged;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import dev.ebb.rollback.Case.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The rungs from "quiet and proven" to "purged": close, collect, delete, purge. Each says in one line what it gave back, measured. Used by the worker alone.
 */
final class Ladder {
    /** Collections after the closing, until buffers and mappings that only the garbage collector frees are gone. */
    private static final int COLLECTIONS = 2;
    /** How long cleaners may take after a collection. */
    private static final long CLEANERS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** RSS that is worth another purge. */
    private static final long WORTH_BYTES = 4 << 20;

    private final Policy policy;
    private final Collector collector;
    private final CloseRung closing;
    private final Deleter deleter;
    private final Memory memory;
    private final EventSink events;
    private long purgedNanos;

    Ladder(Policy policy, Collector collector, CloseRung closing, Memory memory, EventSink events) {
        this.closing = closing;
        this.policy = policy;
        this.collector = collector;
        this.deleter = new Deleter(policy.files());
        this.memory = memory;
        this.events = events;
        this.purgedNanos = System.nanoTime() - policy.purgeIntervalNanos();
    }

    /** Climbs as far as it goes without waiting; the phase tells where it stands. */
    void climb(Case c) {
        if (c.phase == Phase.CLOSE && closing.isDone(c)) {
            // a reference that was handed over holds its object: from here on Ebb must not be what keeps the result's buffers alive
            c.proof.forget();
            c.enter(Phase.COLLECT, System.nanoTime());
        }
        if (c.phase == Phase.COLLECT && collected(c)) {
            c.enter(Phase.CLOSE_REST, System.nanoTime());
        }
        // what the result kept in reach until it was closed
        if (c.phase == Phase.CLOSE_REST && closing.isDone(c)) {
            c.enter(Phase.DELETE, System.nanoTime());
        }
        if (c.phase == Phase.DELETE) {
            delete(c);
            c.enter(Phase.PURGE, System.nanoTime());
        }
    }

    /** Says what the rungs would do, and does nothing. */
    void pretend(Case c) {
        LateResult late = c.load.result();
        int closeable = 0;
        for (Resource resource : c.load.ledger().live()) {
            closeable += resource instanceof ObjectResource && (c.load.thrown() != null || collector.hasHandedOver(((ObjectResource) resource).last())) ? 1 : 0;
        }
        events.event(LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", "observe")
            .with("wouldCloseResult", late == null || late.isClosedByProgram() ? null : late.type())
            .with("wouldClose", closeable)
            .with("wouldDelete", policy.delete() && deleter.mayDelete() ? c.load.ledger().liveCount(ResourceKind.CREATED) : 0)
            .with("wouldPurge", policy.purge()).bytes("heldBytes", LoadEvents.offHeapBytes(c.load)));
        events.event(Verdict.of(c, memory.residentBytes()).event(c, memory.residentBytes()));
    }

    // ---- collect

    /** True when nothing is left that a collection could free, or collections are used up. */
    private boolean collected(Case c) {
        if (!policy.gc() || !waitsForCleaners(c.load)) {
            return true;
        }
        long now = System.nanoTime();
        if (c.collections > 0 && now - c.phaseNanos < CLEANERS_NANOS * c.collections) {
            return false;
        }
        if (c.collections == COLLECTIONS) {
            return true;
        }
        if (collector.mayRequest(now)) {
            long rss = memory.residentBytes();
            c.collections++;
            collector.collect();
            events.event(step(memory, c, "collect", rss, now));
        }
        return false;
    }

    private static boolean waitsForCleaners(Load load) {
        return load.ledger().liveCount(ResourceKind.DIRECT) + load.ledger().liveCount(ResourceKind.MAPPED) + load.ledger().liveCount(ResourceKind.FILE) > 0;
    }

    // ---- delete

    /**
     * Files go if nobody can be told of them any more: the load threw, or its result was closed. A load that ran to its end and returned nothing may
     * have written them for somebody else.
     */
    private void delete(Case c) {
        boolean nobodys = (c.load.thrown() != null || c.resultClosed) && !c.retriedWell;
        List<CreatedFile> files = new ArrayList<>();
        for (Resource resource : c.load.ledger().live()) {
            if (resource instanceof CreatedFile) {
                files.add((CreatedFile) resource);
            }
        }
        if (files.isEmpty()) {
            return;
        }
        if (policy.delete() && nobodys && deleter.mayDelete()) {
            delete(c, files);
        }
        for (CreatedFile file : files) {
            if (!file.released()) {
                c.undeletedFiles++;
            }
        }
    }

    private void delete(Case c, List<CreatedFile> files) {
        long nanos = System.nanoTime();
        long rss = memory.residentBytes();
        long bytes = 0;
        int deleted = 0;
        try {
            Set<String> inUse = deleter.inUse();
            for (CreatedFile file : files) {
                long size = Deleter.bytes(file);
                Deleter.Fate fate = deleter.delete(file, inUse);
                if (fate == Deleter.Fate.DELETED || fate == Deleter.Fate.GONE) {
                    c.load.ledger().release(file);
                }
                if (fate == Deleter.Fate.DELETED) {
                    deleted++;
                    bytes += size;
                } else if (fate != Deleter.Fate.GONE) {
                    c.troubles.add(file.path() + " not deleted: " + fate);
                }
            }
        } catch (IOException e) {
            c.troubles.add("files not deleted: " + e);
        }
        events.event(step(memory, c, "delete", rss, nanos).with("deleted", deleted).bytes("diskBytes", bytes));
    }

    // ---- purge

    /** Whether the interval since the last purge has passed. */
    boolean mayPurge(long now) {
        return now - purgedNanos >= policy.purgeIntervalNanos();
    }

    /** One purge for all that wait for one. */
    void purge(List<Case> waiting) {
        Purged purged = policy.purge() ? memory.purge() : null;
        List<String> loads = new ArrayList<>();
        for (Case c : waiting) {
            c.purged = purged;
            c.enter(Phase.VERDICT, System.nanoTime());
            loads.add(String.valueOf(c.load.id()));
        }
        if (purged != null) {
            purgedNanos = System.nanoTime();
            events.event(new Event(Level.INFO, "purge.done").with("loads", loads).with("allocator", purged.allocator()).with("way", purged.way())
                .bytes("purgedBytes", purged.returnedBytes()).with("purgeMs", TimeUnit.NANOSECONDS.toMillis(purged.nanos()))
                .bytes("allocatedBytes", purged.allocatedBytes()).bytes("cachedBytes", purged.cachedBytes())
                .with("note", purged.note().isEmpty() ? null : purged.note()));
        }
    }

    /**
     * The loaded code is hot, and the JVM may still be compiling it when its load is rolled back: what the compiler frees afterwards (10 to 20 MiB were seen)
     * stays in the allocator. The same purge once more, if RSS has grown since the verdict.
     */
    void purgeAgain(Case c) {
        long rss = memory.residentBytes();
        if (policy.purge() && c.purged != null && rss - c.rssAfterBytes > WORTH_BYTES) {
            long nanos = System.nanoTime();
            memory.purge();
            purgedNanos = System.nanoTime();
            events.event(step(memory, c, "purge again", rss, nanos));
        }
    }

    /** A line about one rung, with what it gave back, measured. */
    static Event step(Memory memory, Case c, String step, long rssBefore, long sinceNanos) {
        return LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", step)
            .bytes("returnedBytes", rssBefore - memory.residentBytes())
            .with("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos));
    }
}
