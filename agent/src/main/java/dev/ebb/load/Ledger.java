package dev.ebb.load;

import java.util.ArrayList;
import java.util.List;

/**
 * What one load has taken and not given back, newest first, with totals by kind. Once its load was decided it is an <em>account</em>: small, and without
 * the load.
 *
 * <p>Assumes: any number of threads add and release at once; a resource is added once. Guarantees: a lock is held for a few instructions, never while
 * anything is allocated that grows with the load, and never together with another one; totals are exact once the calls that changed them have returned;
 * a released resource is let go of at once; {@link #live} is exact when no thread is in the load any more.
 *
 * <p>Beyond {@link Limits#recordsOfOneLoad} a resource is counted and not recorded. Nobody can tell then when it is given back: it stays in the totals of
 * what is live, which is said beside them ({@link #unrecordedCount()}).
 */
public final class Ledger {
    /** From this size on, and for the first few of a kind, the stack is kept: it costs 1 to 2 microseconds, and 1.3 KiB of heap at a depth of 60. */
    private static final long STACK_FROM_BYTES = 1 << 20;
    private static final long STACKS_AT_FIRST = 16;
    private static final int STACKS_OF_ONE_LOAD = 512;
    private static final Tally NOTHING = new Tally();

    private final Limits limits;
    /** The load, or who it was: an {@link Owner}. */
    private volatile Object owner;
    /** Its links are followed without the lock: an element that is unlinked meanwhile still leads to older ones. */
    private volatile Resource newest;
    // the rest is guarded by this
    /** Made at the first add, since many loads take nothing; null in an account: most are never asked for their sums. */
    private Tally totals = NOTHING;
    /** Null as long as everything is recorded. */
    private Tally unrecorded;
    private int records;
    private int stacks;
    private volatile boolean releaseSeen;

    /** Whose ledger an account was. */
    private record Owner(long load, Site site, String label, long leftNanos) { }

    Ledger(Load load, Limits limits) {
        this.owner = load;
        this.limits = limits;
    }

    // ---- whose it is

    /** Null once it was decided: what it still holds does not keep it. */
    public Load load() {
        Object of = owner;
        return of instanceof Load ? (Load) of : null;
    }

    /** The number of its load. */
    public long id() {
        Object of = owner;
        return of instanceof Load ? ((Load) of).id() : ((Owner) of).load;
    }

    public Site site() {
        Object of = owner;
        return of instanceof Load ? ((Load) of).site() : ((Owner) of).site;
    }

    public String label() {
        Object of = owner;
        return of instanceof Load ? ((Load) of).label() : ((Owner) of).label;
    }

    /** When the body of its load was left, by {@link System#nanoTime}; now, if it was not. */
    public long leftNanos() {
        Object of = owner;
        return of instanceof Owner ? ((Owner) of).leftNanos : ((Load) of).left() ? ((Load) of).leftNanos() : System.nanoTime();
    }

    /** The program has called what releases that which the load has brought in. @return true for the first time */
    public synchronized boolean sawRelease() {
        boolean first = !releaseSeen;
        releaseSeen = true;
        return first;
    }

    public boolean isReleaseSeen() {
        return releaseSeen;
    }

    // ---- what changes it

    /** @return false if there is no room for one more record: it is counted, and to be forgotten */
    public synchronized boolean add(Resource resource) {
        if (totals == NOTHING) {
            totals = new Tally();
        }
        long taken = totals == null ? Long.MAX_VALUE : totals.add(resource);
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
        boolean wanted = taken <= STACKS_AT_FIRST || resource.bytes() >= STACK_FROM_BYTES;
        resource.sampled = wanted && stacks < STACKS_OF_ONE_LOAD && limits.takeStack();
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
            if (totals != null) {
                totals.grow(arena.kind(), bytes);
            }
        }
    }

    /** @return true if it was not released before */
    public synchronized boolean release(Resource resource) {
        if (resource.released()) {
            return false;
        }
        unlink(resource);
        if (totals != null) {
            totals.remove(resource);
        }
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
        resource.newer = null;
        forgetStack(resource);
    }

    private void forgetStack(Resource resource) {
        if (resource.sampled) {
            resource.sampled = false;
            resource.takenAt((String) null);
            stacks--;
            limits.giveStackBack();
        }
    }

    /** Whoever still has the record shall not take it out again. */
    private void addUnrecorded(Resource resource) {
        resource.markReleased();
        if (unrecorded == null) {
            unrecorded = new Tally();
        }
        unrecorded.add(resource);
    }

    // ---- how it becomes an account

    /** Instead of the stack of a resource, which keeps classes, its text. @param place null for none */
    synchronized void keepPlace(Resource resource, String place) {
        if (place == null) {
            forgetStack(resource);
        } else if (resource.sampled) {
            resource.takenAt(place);
        }
    }

    /** Its load was decided, and is kept by it no more. Called once. */
    synchronized void close() {
        owner = new Owner(id(), site(), label(), leftNanos());
        totals = null;
    }

    // ---- what is in it

    /** Nothing is recorded in it; there may have been more than was recorded. Exact when no thread is in the load any more. */
    public boolean isEmpty() {
        return newest == null;
    }

    public long liveBytes(ResourceKind kind) {
        return recordedBytes(kind) + unrecordedBytes(kind);
    }

    public long liveCount(ResourceKind kind) {
        return recordedCount(kind) + unrecordedCount(kind);
    }

    /** How many of this kind the load has ever taken; not known of an account. */
    public synchronized long takenCount(ResourceKind kind) {
        return totals == null ? 0 : totals.everCount(kind);
    }

    /** As {@link #liveBytes}, without what is beyond the limit of records: nobody knows whether that was given back. */
    public long recordedBytes(ResourceKind kind) {
        synchronized (this) {
            if (totals != null) {
                return totals.bytes(kind) - unrecordedBytes(kind);
            }
        }
        long bytes = 0;
        for (Resource r = newest; r != null; r = r.older) {
            bytes += r.kind() == kind && !r.released() ? r.bytes() : 0;
        }
        return bytes;
    }

    /** As {@link #liveCount}, without what is beyond the limit of records. */
    public long recordedCount(ResourceKind kind) {
        synchronized (this) {
            if (totals != null) {
                return totals.count(kind) - unrecordedCount(kind);
            }
        }
        long count = 0;
        for (Resource r = newest; r != null; r = r.older) {
            count += r.kind() == kind && !r.released() ? 1 : 0;
        }
        return count;
    }

    private synchronized long unrecordedBytes(ResourceKind kind) {
        return unrecorded == null ? 0 : unrecorded.bytes(kind);
    }

    private synchronized long unrecordedCount(ResourceKind kind) {
        return unrecorded == null ? 0 : unrecorded.count(kind);
    }

    /** Beyond the limit of records, of all kinds; part of {@link #liveBytes}. */
    public synchronized long unrecordedBytes() {
        return unrecorded == null ? 0 : unrecorded.bytes();
    }

    /** Beyond the limit of records, of all kinds; part of {@link #liveCount}. */
    public synchronized long unrecordedCount() {
        return unrecorded == null ? 0 : unrecorded.count();
    }

    /** What has not been released, last taken first, as far as it is recorded. */
    public List<Resource> live() {
        List<Resource> live = new ArrayList<>();
        for (Resource r = newest; r != null; r = r.older) {
            if (!r.released()) {
                live.add(r);
            }
        }
        return live;
    }
}
