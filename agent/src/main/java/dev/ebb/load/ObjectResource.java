package dev.ebb.load;

import java.lang.ref.Reference;

/**
 * A resource that is known by an object and can be closed through it. Keeps the object weakly, so that Ebb never prolongs its life while the program
 * could still drop it; a session of foreign memory also by a last reference, since no garbage collector gives its memory back.
 */
public final class ObjectResource extends Resource {
    private final String what;
    private final long takenNanos = System.nanoTime();
    private volatile IdentityKey key;
    private volatile Reference<?> last;

    /** @param what a path, or the kind of the arena */
    public ObjectResource(Load load, ResourceKind kind, IdentityKey key, String what) {
        super(load, kind, 0, 0);
        this.key = key;
        this.what = what;
    }

    public IdentityKey key() {
        return key;
    }

    /** After its object was handed over, and weak references to it are cleared: the object can be found by this one. */
    public void rekey(IdentityKey fresh) {
        key = fresh;
    }

    /** By {@link System#nanoTime}. */
    public long takenNanos() {
        return takenNanos;
    }

    /** The object, or null once nothing but weak or last references reached it. */
    public Object object() {
        return key.get();
    }

    public String what() {
        return what;
    }

    /** The last reference on the object, or null. */
    public Reference<?> last() {
        return last;
    }

    public void last(Reference<?> reference) {
        last = reference;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
