package dev.ebb.load;

import dev.ebb.load.Tally.Measure;
import java.util.List;

/**
 * What some of the threads of a load have taken: each part of a ledger has a lock of its own, held for a few instructions. Thread-safe.
 */
final class LedgerPart {
    private final Ledger ledger;
    /** Its links are followed without the lock: an element that is unlinked meanwhile still leads to older ones. */
    private volatile Resource newest;
    // the rest is guarded by this
    /** Null in an account: most are never asked for their sums. */
    private Tally totals;
    /** Null as long as everything is recorded. */
    private Tally unrecorded;
    /** How many more records it may take before it asks for more room. */
    private int room;

    /** @param ofAnAccount the load was decided already */
    LedgerPart(Ledger ledger, boolean ofAnAccount) {
        this.ledger = ledger;
        totals = ofAnAccount ? null : new Tally();
    }

    /** @return false if there is no room for one more record: it is counted, and to be forgotten */
    synchronized boolean add(Resource resource) {
        long taken = totals == null ? Long.MAX_VALUE : totals.add(resource);
        if (room == 0) {
            room = ledger.takeRoom();
        }
        if (room == 0) {
            addUnrecorded(resource);
            return false;
        }
        room--;
        resource.older = newest;
        if (newest != null) {
            newest.newer = resource;
        }
        newest = resource;
        resource.sampled = ledger.takeStack(resource, taken);
        return true;
    }

    synchronized void grow(Resource arena, long bytes) {
        if (!arena.released()) {
            arena.grow(bytes);
            if (totals != null) {
                totals.grow(arena.kind(), bytes);
            }
        }
    }

    synchronized boolean release(Resource resource) {
        if (resource.released()) {
            return false;
        }
        unlink(resource);
        if (totals != null) {
            totals.remove(resource);
        }
        return true;
    }

    synchronized void forgetRecord(Resource resource) {
        if (!resource.released()) {
            unlink(resource);
            addUnrecorded(resource);
        }
    }

    private void unlink(Resource resource) {
        resource.markReleased();
        room = ledger.giveBackRoom(room + 1);
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
            ledger.giveStackBack();
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

    synchronized void keepPlace(Resource resource, String place) {
        if (place == null) {
            forgetStack(resource);
        } else if (resource.sampled) {
            resource.takenAt(place);
        }
    }

    synchronized void close() {
        totals = null;
    }

    // ---- what is in it

    boolean isEmpty() {
        return newest == null;
    }

    /** How many of this kind there have ever been; not known of an account. */
    synchronized long taken(ResourceKind kind) {
        return totals == null ? 0 : totals.get(Measure.EVER, kind);
    }

    /** Without what is beyond the limit of records. @param measure bytes, or how many */
    long recorded(Measure measure, ResourceKind kind) {
        synchronized (this) {
            if (totals != null) {
                return totals.get(measure, kind) - unrecorded(measure, kind);
            }
        }
        long sum = 0;
        for (Resource r = newest; r != null; r = r.older) {
            if (r.kind() == kind && !r.released()) {
                sum += measure == Measure.BYTES ? r.bytes() : 1;
            }
        }
        return sum;
    }

    /** Beyond the limit of records. @param kind null for all kinds */
    synchronized long unrecorded(Measure measure, ResourceKind kind) {
        return unrecorded == null ? 0 : unrecorded.get(measure, kind);
    }

    /** What has not been released, last taken first. */
    void addLiveTo(List<Resource> live) {
        for (Resource r = newest; r != null; r = r.older) {
            if (!r.released()) {
                live.add(r);
            }
        }
    }
}
