package dev.ebb.load;

import java.lang.ref.Reference;

/** A resource that is known by an object and can be closed through it: a file, or the session of an arena. */
public class ObjectResource extends KeyedResource {
    private final String what;

    /**
     * To be given a key by {@link #keepWeakly} or {@link #keepLast} before it is handed to anybody.
     *
     * @param what a path, or the kind of the arena
     */
    public ObjectResource(Load load, ResourceKind kind, Object object, String what) {
        super(load, kind, object);
        this.what = what;
    }

    /** @param last the last reference on the object */
    public final ObjectResource keptBy(Reference<?> last) {
        keepLast(last);
        return this;
    }

    /** The object, or null once it is gone; one that is held by a last reference is never gone before that is let go of. */
    public final Object object() {
        return key().get();
    }

    public final String what() {
        return what;
    }

    /** The last reference on the object, or null: then it is held weakly. */
    public final Reference<?> last() {
        return keptWeakly() ? null : key();
    }
}
