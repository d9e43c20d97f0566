package dev.ebb.rollback;

import dev.ebb.load.IdentityKey;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashMap;
import java.util.Map;

/** Objects with the moment when they were first seen, kept weakly. Used by the worker alone. */
final class SeenBefore {
    /** Results looked at for one watched method: what they share shows in the first few. */
    private static final int RESULTS = 8;

    private final Map<Integer, Integer> results = new HashMap<>();
    private final Map<IdentityKey, Long> seenNanos = new HashMap<>();
    private final ReferenceQueue<Object> cleared = new ReferenceQueue<>();

    /** Whether another result of this site should be looked at; counts it. */
    boolean wants(int site) {
        return results.merge(site, 1, Integer::sum) <= RESULTS;
    }

    void add(Object object) {
        for (Reference<?> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
            seenNanos.remove(gone);
        }
        seenNanos.putIfAbsent(new IdentityKey(object, cleared), System.nanoTime());
    }

    /** Whether it was seen before that moment of {@link System#nanoTime}. */
    boolean before(Object object, long nanos) {
        Long seen = seenNanos.get(new IdentityKey(object));
        return seen != null && seen - nanos < 0;
    }
}
