package dev.ebb.record;

import dev.ebb.load.IdentityKey;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A set of objects by identity that keeps none of them alive. Thread-safe. */
final class IdentitySet {
    private final Set<IdentityKey> keys = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<Object> cleared = new ReferenceQueue<>();

    void add(Object object) {
        for (Reference<?> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
            keys.remove(gone);
        }
        keys.add(new IdentityKey(object, cleared));
    }

    boolean contains(Object object) {
        return !keys.isEmpty() && keys.contains(new Probe(object));
    }
}
