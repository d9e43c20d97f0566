package dev.ebb.load;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/** An object as the key of a map, by identity and without keeping it alive. */
public final class IdentityKey extends WeakReference<Object> {
    private final int hash;

    public IdentityKey(Object object, ReferenceQueue<Object> cleared) {
        super(object, cleared);
        hash = System.identityHashCode(object);
    }

    /** To look something up only. */
    public IdentityKey(Object object) {
        this(object, null);
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        Object mine = get();
        return mine != null && other instanceof IdentityKey && ((IdentityKey) other).refersTo(mine);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
