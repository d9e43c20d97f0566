package dev.ebb.rollback;

import dev.ebb.load.IdentityKey;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashMap;
import java.util.Map;

/**
 * Parts of results of earlier good loads, with the moment when they were seen, kept weakly. A part that was there before a load began was not made by that
 * load, so the load cannot have published it: an allocator or an environment that all results share. Used by the worker alone.
 */
final class KnownParts {
    /** Results looked at for one watched method: what they share shows in the first few. */
    private static final int RESULTS = 8;

    private final Map<Integer, Integer> results = new HashMap<>();
    private final Map<IdentityKey, Long> seenNanos = new HashMap<>();
    private final ReferenceQueue<Object> cleared = new ReferenceQueue<>();

    /** Whether another result of this site should be looked at; counts it. */
    boolean wants(int site) {
        int count = results.merge(site, 1, Integer::sum);
        return count <= RESULTS;
    }

    void add(Object part) {
        for (Reference<?> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
            seenNanos.remove(gone);
        }
        seenNanos.putIfAbsent(new IdentityKey(part, cleared), System.nanoTime());
    }

    /** Whether the part was seen before that moment of {@link System#nanoTime}. */
    boolean before(Object part, long nanos) {
        Long seen = seenNanos.get(new IdentityKey(part));
        return seen != null && seen - nanos < 0;
    }
}
