package dev.ebb.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What one load has taken and not given back, newest first, with totals by kind.
 *
 * <p>Assumes: any number of threads add and release at once; a resource is added once. Guarantees: add and release block nobody and allocate nothing;
 * totals are exact once the calls that changed them have returned; {@link #live} is exact when no thread is in the load any more.
 *
 * <p>A stack linked through {@link Resource#older}: adding is one compare-and-set on the head. Released resources are unlinked by whichever thread finds
 * that they have become the greater part; only that thread writes the links behind the head, and the head itself is never unlinked.
 */
public final class Ledger {
    private static final int KINDS = ResourceKind.values().length;
    private static final int PRUNE_AT_LEAST = 64;

    private final AtomicReference<Resource> newest = new AtomicReference<>();
    /** By kind: live bytes, live count, count of all ever taken. */
    private final AtomicLongArray totals = new AtomicLongArray(3 * KINDS);
    private final AtomicInteger linked = new AtomicInteger();
    private final AtomicInteger linkedButReleased = new AtomicInteger();
    private final AtomicBoolean pruning = new AtomicBoolean();

    public void add(Resource resource) {
        int kind = resource.kind.ordinal();
        totals.addAndGet(kind, resource.bytes());
        totals.incrementAndGet(KINDS + kind);
        totals.incrementAndGet(2 * KINDS + kind);
        linked.incrementAndGet();
        Resource head;
        do {
            head = newest.get();
            resource.older = head;
        } while (!newest.compareAndSet(head, resource));
    }

    /** More bytes in an arena of this ledger. */
    public void grow(Resource resource, long bytes) {
        resource.grow(bytes);
        totals.addAndGet(resource.kind.ordinal(), bytes);
    }

    /** True if it was not released before. */
    public boolean release(Resource resource) {
        if (!resource.markReleased()) {
            return false;
        }
        int kind = resource.kind.ordinal();
        totals.addAndGet(kind, -resource.bytes());
        totals.decrementAndGet(KINDS + kind);
        if (linkedButReleased.incrementAndGet() > Math.max(PRUNE_AT_LEAST, linked.get() / 2)) {
            prune();
        }
        return true;
    }

    public long liveBytes(ResourceKind kind) {
        return totals.get(kind.ordinal());
    }

    public long liveCount(ResourceKind kind) {
        return totals.get(KINDS + kind.ordinal());
    }

    /** How many of this kind the load has ever taken. */
    public long takenCount(ResourceKind kind) {
        return totals.get(2 * KINDS + kind.ordinal());
    }

    /** What has not been released, last taken first. */
    public List<Resource> live() {
        List<Resource> live = new ArrayList<>();
        for (Resource r = newest.get(); r != null; r = r.older) {
            if (!r.released()) {
                live.add(r);
            }
        }
        return live;
    }

    private void prune() {
        if (!pruning.compareAndSet(false, true)) {
            return;
        }
        int unlinked = 0;
        Resource kept = newest.get();
        while (kept != null) {
            Resource next = kept.older;
            while (next != null && next.released()) {
                next = next.older;
                unlinked++;
            }
            kept.older = next;
            kept = next;
        }
        linkedButReleased.addAndGet(-unlinked);
        linked.addAndGet(-unlinked);
        pruning.set(false);
    }
}
