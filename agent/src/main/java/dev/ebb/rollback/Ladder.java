package dev.ebb.rollback;

import dev.ebb.load.CloseMethod;
import dev.ebb.load.CloseWatcher;
import dev.ebb.load.CreatedFile;
import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.LateResult;
import dev.ebb.load.Load;
import dev.ebb.load.LoadRegistry;
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
import java.util.function.IntSupplier;

/**
 * The rungs from "quiet and proven" to "purged": close, collect, delete, purge. Each says in one line what it gave back, measured. Used by the worker alone.
 */
final class Ladder {
    /** Collections after the closing, until buffers and mappings that only the garbage collector frees are gone. */
    private static final int COLLECTIONS = 2;
    /** How long cleaners may take after a collection. */
    private static final long CLEANERS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Policy policy;
    private final Collector collector;
    private final Closer closer;
    private final LoadRegistry registry;
    private final CloseWatcher closeWatcher;
    private final Deleter deleter;
    private final Memory memory;
    private final EventSink events;
    private long purgedNanos;

    Ladder(Policy policy, Collector collector, Closer closer, LoadRegistry registry, CloseWatcher closeWatcher, Memory memory, EventSink events) {
        this.registry = registry;
        this.closeWatcher = closeWatcher;
        this.policy = policy;
        this.collector = collector;
        this.closer = closer;
        this.deleter = new Deleter(policy.files());
        this.memory = memory;
        this.events = events;
        this.purgedNanos = System.nanoTime() - policy.purgeIntervalNanos();
    }

    /** Climbs as far as it goes without waiting; the phase tells where it stands. */
    void climb(Case c) {
        if (c.phase == Phase.CLOSE) {
            rekey(c);
            closeNow(c, () -> closeResult(c) + closeResources(c));
            // a reference that was handed over holds its object: from here on Ebb must not be what keeps the result's buffers alive
            c.proof.forget();
            c.enter(Phase.COLLECT, System.nanoTime());
        }
        if (c.phase == Phase.COLLECT && collected(c)) {
            // what the result kept in reach until it was closed
            closeNow(c, () -> closeResources(c));
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

    // ---- close

    /** The close of a result closes what it is made of, and that has to be heard: nothing is closed twice. */
    private void rekey(Case c) {
        for (Resource resource : c.load.ledger().live()) {
            if (resource instanceof ObjectResource && collector.hasHandedOver(((ObjectResource) resource).last())) {
                registry.handedOver((ObjectResource) resource, ((ObjectResource) resource).last().get());
            }
        }
    }

    private void closeNow(Case c, IntSupplier closing) {
        if (!policy.close()) {
            return;
        }
        long rss = memory.residentBytes();
        long nanos = System.nanoTime();
        int before = c.troubles.size();
        int closed = closing.getAsInt();
        List<String> troubles = List.copyOf(c.troubles.subList(before, c.troubles.size()));
        if (closed > 0 || !troubles.isEmpty()) {
            events.event(step(c, "close", rss, nanos).with("closed", closed).with("troubles", troubles.isEmpty() ? null : troubles));
        }
    }

    private int closeResult(Case c) {
        LateResult late = c.load.result();
        CloseMethod method = c.load.site().close();
        if (late == null || late.isClosedByProgram()) {
            return 0;
        }
        Object result = c.proof.result();
        if (result == null) {
            result = late.reachable();
        }
        if (method == null && !(result instanceof AutoCloseable)) {
            return 0;
        }
        String trouble = closer.closeResult(result, late, method);
        if (trouble != null) {
            c.troubles.add("result " + late.type() + ": " + trouble);
            return 0;
        }
        c.resultClosed = true;
        return 1;
    }

    /** What the load opened and the close of its result has not closed, last opened first. */
    private int closeResources(Case c) {
        boolean failedByItself = c.load.thrown() != null;
        boolean childOpen = false;
        int closed = 0;
        for (Resource resource : c.load.ledger().live()) {
            if (resource instanceof ObjectResource && !resource.released() && !(childOpen && resource.kind() == ResourceKind.TRACKED)) {
                closed += closeResource(c, (ObjectResource) resource, failedByItself);
                // a handle that stays open may use any that was made before it
                childOpen |= resource.kind() == ResourceKind.TRACKED && !resource.released();
            }
        }
        return closed;
    }

    private int closeResource(Case c, ObjectResource resource, boolean failedByItself) {
        boolean proven = collector.hasHandedOver(resource.last());
        // a tracked object may be a native handle, whose later use would crash: by proof only
        boolean forced = failedByItself && resource.kind() != ResourceKind.TRACKED;
        Object object = proven ? resource.last().get() : forced ? resource.object() : null;
        if (object == null || c.closeTried.contains(resource) || mayBeClosedUnnoticed(resource, object)) {
            return 0;
        }
        String trouble = resource.kind() == ResourceKind.ARENA ? closer.closeSession(object, resource.what()) : closer.close((AutoCloseable) object, resource.what());
        if (trouble != null) {
            c.closeTried.add(resource);
            c.troubles.add(resource.what() + ": " + trouble);
            return 0;
        }
        collector.forget(resource.last());
        resource.last(null);
        c.load.ledger().release(resource);
        return 1;
    }

    /** A tracked object that the load could have closed without Ebb hearing of it: closing it again may free what another has by now. */
    private boolean mayBeClosedUnnoticed(ObjectResource resource, Object object) {
        return resource.kind() == ResourceKind.TRACKED && !closeWatcher.watchedSince(object.getClass(), resource.takenNanos());
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
            events.event(step(c, "collect", rss, now));
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
        boolean nobodys = c.load.thrown() != null || c.resultClosed;
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
        events.event(step(c, "delete", rss, nanos).with("deleted", deleted).bytes("diskBytes", bytes));
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

    private Event step(Case c, String step, long rssBefore, long sinceNanos) {
        return LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", step)
            .bytes("returnedBytes", rssBefore - memory.residentBytes())
            .with("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos));
    }
}
