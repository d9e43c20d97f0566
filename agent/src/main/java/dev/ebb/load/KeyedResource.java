package dev.ebb.load;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * A resource that is known by an object, which Ebb does not keep from being dropped by the program: it is held weakly, or by a last reference, which hands
 * it over then. One of the two at a time: together they would take 72 bytes. Thread-safe.
 */
public abstract class KeyedResource extends Resource {
    /** As it was when the object was there to be asked. */
    private final int hash;
    private volatile Reference<?> key;

    KeyedResource(Load load, ResourceKind kind, Object object) {
        super(load, kind);
        hash = System.identityHashCode(object);
    }

    /** A weak reference that finds back to its resource once it is cleared. */
    private static final class WeakKey extends WeakReference<Object> {
        private final KeyedResource resource;

        WeakKey(Object object, KeyedResource resource, ReferenceQueue<Object> cleared) {
            super(object, cleared);
            this.resource = resource;
        }
    }

    /** From now on it is known by a weak reference; before it is handed to anybody, or after {@link #keepLast}. @param object may be null: then it is gone */
    public final void keepWeakly(Object object, ReferenceQueue<Object> cleared) {
        key = new WeakKey(object, this, cleared);
    }

    /** It is known by a last reference; before it is handed to anybody. */
    final void keepLast(Reference<?> last) {
        key = last;
    }

    /** The resource whose object is gone, or null: it has a newer key by now. @param cleared polled from the queue of {@link #keepWeakly} */
    public static KeyedResource of(Reference<?> cleared) {
        KeyedResource resource = ((WeakKey) cleared).resource;
        return resource.key == cleared ? resource : null;
    }

    final Reference<?> key() {
        return key;
    }

    final boolean keptWeakly() {
        return key instanceof WeakKey;
    }

    @Override
    final int hash() {
        return hash(hash);
    }

    @Override
    @SuppressWarnings("unchecked")
    final boolean isKnownBy(ResourceKind asked, long address, Object object) {
        return object != null && ((Reference<Object>) key).refersTo(object);
    }

    static int hash(int identityHash) {
        return (int) (identityHash * 0x9E3779B97F4A7C15L >>> 32);
    }
}
