package dev.ebb.load;

import java.util.ArrayList;
import java.util.List;

/**
 * What one load has taken and not given back, newest first, with totals by kind.
 *
 * <p>Assumes: any number of threads add and release at once; a resource is added once. Guarantees: a lock is held for a few instructions, never while
 * anything is allocated that grows with the load, and never together with another one; totals are exact once the calls that changed them have returned;
 * a released resource is let go of at once; {@link #live} is exact when no thread is in the load any more.
 *
 * <p>Beyond {@link Limits#recordsOfOneLoad} a resource is counted and not recorded. Nobody can tell then when it is given back: it stays in the totals of
 * what is live, which is said beside them ({@link #unrecordedCount()}).
 */
public final class Ledger {
    private static final int KINDS = ResourceKind.values().length;
    /** The rows of the totals. */
    private static final int BYTES = 0;
    private static final int COUNT = KINDS;
    private static final int TAKEN = 2 * KINDS;
    private static final long[] NOTHING = new long[3 * KINDS];

    /** From this size on, and for the first few of a kind, the stack is kept: it costs 1 to 2 microseconds, and 1.3 KiB of heap at a depth of 60. */
    private static final long STACK_FROM_BYTES = 1 << 20;
    private static final long STACKS_AT_FIRST = 16;
    private static final int STACKS_OF_ONE_LOAD = 512;

    private final Limits limits;
    private volatile Load load;
    /** The rest is guarded by this. Three numbers for each kind; made at the first add: many loads take nothing. */
    private long[] totals = NOTHING;
    /** Bytes and count for each kind; null as long as everything is recorded. */
    private long[] unrecorded;
    private Resource newest;
    private int records;
    private int stacks;

    Ledger(Load load, Limits limits) {
        this.load = load;
        this.limits = limits;
    }

    /** Null once it was decided: what it still holds does not keep it. */
    Load load() {
        return load;
    }

    // ---- what changes it

    /**
     * @return false if there is no room for one more record: it is counted, and to be forgotten
     */
    public synchronized boolean add(Resource resource) {
        if (totals == NOTHING) {
            totals = new long[3 * KINDS];
        }
        int kind = resource.kind().ordinal();
        totals[BYTES + kind] += resource.bytes();
        totals[COUNT + kind]++;
        totals[TAKEN + kind]++;
        if (records >= limits.recordsOfOneLoad()) {
            addUnrecorded(resource);
            return false;
        }
        records++;
        resource.older = newest;
        if (newest != null) {
            newest.newer = resource;
        }
        newest = resource;
        resource.sampled = worthAStack(resource, totals[TAKEN + kind]) && stacks < STACKS_OF_ONE_LOAD && limits.takeStack();
        stacks += resource.sampled ? 1 : 0;
        return true;
    }

    /** Whether the caller of {@link #add} is asked to keep the stack. */
    public boolean wantsStack(Resource resource) {
        return resource.sampled;
    }

    /** More bytes in an arena. */
    public synchronized void grow(Resource arena, long bytes) {
        if (!arena.released()) {
            arena.grow(bytes);
            totals[BYTES + arena.kind().ordinal()] += bytes;
        }
    }

    /** @return true if it was not released before */
    public synchronized boolean release(Resource resource) {
        if (resource.released()) {
            return false;
        }
        unlink(resource);
        int kind = resource.kind().ordinal();
        totals[BYTES + kind] -= resource.bytes();
        totals[COUNT + kind]--;
        return true;
    }

    /** There is no room for this one where it could be found again: it stays counted and is forgotten. */
    public synchronized void forgetRecord(Resource resource) {
        if (!resource.released()) {
            unlink(resource);
            addUnrecorded(resource);
        }
    }

    private void unlink(Resource resource) {
        resource.markReleased();
        records--;
        if (resource.newer == null) {
            newest = resource.older;
        } else {
            resource.newer.older = resource.older;
        }
        if (resource.older != null) {
            resource.older.newer = resource.newer;
        }
        // its own link to older ones stays for whoever stands on it in live()
        resource.newer = null;
        if (resource.sampled) {
            resource.sampled = false;
            resource.forgetStack();
            stacks--;
            limits.giveStackBack();
        }
    }

    /** Whoever still has the record shall not take it out again. */
    private void addUnrecorded(Resource resource) {
        resource.markReleased();
        if (unrecorded == null) {
            unrecorded = new long[2 * KINDS];
        }
        int kind = resource.kind().ordinal();
        unrecorded[BYTES + kind] += resource.bytes();
        unrecorded[COUNT + kind]++;
    }

    private static boolean worthAStack(Resource resource, long taken) {
        return taken <= STACKS_AT_FIRST || resource.bytes() >= STACK_FROM_BYTES;
    }

    // ---- what is in it

    public synchronized long liveBytes(ResourceKind kind) {
        return totals[BYTES + kind.ordinal()];
    }

    public synchronized long liveCount(ResourceKind kind) {
        return totals[COUNT + kind.ordinal()];
    }

    /** How many of this kind the load has ever taken. */
    public synchronized long takenCount(ResourceKind kind) {
        return totals[TAKEN + kind.ordinal()];
    }

    /** As {@link #liveBytes}, without what is beyond the limit of records: nobody knows whether that was given back. */
    public synchronized long recordedBytes(ResourceKind kind) {
        return totals[BYTES + kind.ordinal()] - (unrecorded == null ? 0 : unrecorded[BYTES + kind.ordinal()]);
    }

    /** As {@link #liveCount}, without what is beyond the limit of records. */
    public synchronized long recordedCount(ResourceKind kind) {
        return totals[COUNT + kind.ordinal()] - (unrecorded == null ? 0 : unrecorded[COUNT + kind.ordinal()]);
    }

    /** Beyond the limit of records, of all kinds; part of {@link #liveBytes}. */
    public synchronized long unrecordedBytes() {
        return unrecorded == null ? 0 : sum(BYTES);
    }

    /** Beyond the limit of records, of all kinds; part of {@link #liveCount}. */
    public synchronized long unrecordedCount() {
        return unrecorded == null ? 0 : sum(COUNT);
    }

    private long sum(int row) {
        long sum = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            sum += unrecorded[row + kind];
        }
        return sum;
    }

    /** What has not been released, last taken first, as far as it is recorded. */
    public List<Resource> live() {
        List<Resource> live = new ArrayList<>();
        // without the lock: an element that is unlinked meanwhile still leads to older ones
        for (Resource r = newest(); r != null; r = r.older) {
            if (!r.released()) {
                live.add(r);
            }
        }
        return live;
    }

    private synchronized Resource newest() {
        return newest;
    }
}
