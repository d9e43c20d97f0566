package dev.ebb.record;

import dev.ebb.load.IdentityKey;
import dev.ebb.load.LastReferences;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the record of what is being given back, whichever load took it. Thread-safe. */
final class Index {
    /** By address; a resource is its own key. */
    private final ConcurrentHashMap<Resource, Resource> byAddress = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<IdentityKey, ObjectResource> byObject = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> cleared = new ReferenceQueue<>();
    private final LastReferences lastReferences;

    /** @param lastReferences null on a JDK that has none */
    Index(LastReferences lastReferences) {
        this.lastReferences = lastReferences;
    }

    void addByAddress(Resource resource) {
        Resource before = byAddress.put(resource, resource);
        if (before != null) {
            // the address was given back by a way that has no hook, and is in use again
            before.load().ledger().release(before);
        }
        resource.load().ledger().add(resource);
    }

    /** Whether nothing is recorded that is known by its address. */
    boolean isEmpty() {
        return byAddress.isEmpty();
    }

    void releaseByAddress(Resource probe) {
        Resource resource = byAddress.remove(probe);
        if (resource != null) {
            resource.load().ledger().release(resource);
        }
    }

    IdentityKey keyFor(Object object) {
        return new IdentityKey(object, cleared);
    }

    void addByObject(ObjectResource resource) {
        byObject.put(resource.key(), resource);
        resource.load().ledger().add(resource);
    }

    /** Under its old key, which is cleared, the object would not be found when it is closed. */
    void rekey(ObjectResource resource, Object object) {
        byObject.remove(resource.key());
        resource.rekey(keyFor(object));
        byObject.put(resource.key(), resource);
    }

    ObjectResource find(Object object) {
        return byObject.isEmpty() ? null : byObject.get(new IdentityKey(object));
    }

    void releaseByObject(Object object) {
        if (!byObject.isEmpty()) {
            release(byObject.remove(new IdentityKey(object)));
        }
    }

    /** Objects that the garbage collector has taken: the JDK's own cleaners release what they held. Called by the worker. */
    void reap() {
        for (Reference<?> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
            ObjectResource resource = byObject.remove(gone);
            // a last reference still has the object in hand, though weak references are cleared
            if (resource != null && resource.last() == null) {
                release(resource);
            }
        }
    }

    private void release(ObjectResource resource) {
        if (resource != null) {
            if (lastReferences != null) {
                lastReferences.forget(resource.last());
            }
            resource.last(null);
            resource.load().ledger().release(resource);
        }
    }
}
