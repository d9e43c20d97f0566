package dev.ebb.rollback;

import dev.ebb.load.FieldReader;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Searches forward through fields, from some roots, for what has survived a load. Stops nobody: the program may change what is being looked at, so that a path
 * may be missed, or be gone when it is told. Weak references are not followed; a soft one holds its object. Bounded in objects and in time.
 */
final class Reach {
    private static final Object NOBODY = new Object();
    /** So many objects are looked at even if the time is over: some milliseconds, of which a busy machine may make a second. What is held plainly is among them. */
    private static final int UNTIMED = 5_000;

    private final FieldReader fields;
    private final Survivors.Match wanted;
    private final long untilNanos;
    private int left;
    /** Each object that was met, with the one by which; of a root its description. */
    private final Map<Object, Object> by = new IdentityHashMap<>();
    private final Deque<Object> open = new ArrayDeque<>();
    private Object found;

    private record From(String text, Object holder) { }

    /** @param limit objects looked at */
    Reach(FieldReader fields, Survivors survivors, int limit, long untilNanos) {
        this.fields = fields;
        this.wanted = survivors.new Match(fields);
        this.left = limit;
        this.untilNanos = untilNanos;
    }

    void startAt(Class<?> type) {
        From from = new From("", type);
        for (Object object : fields.statics(type)) {
            meet(object, from);
        }
    }

    /** @param text what the root is, for the path */
    void startAt(String text, Object object) {
        if (object instanceof Thread) {
            From from = new From(text, object);
            for (Object held : fields.references(object)) {
                meet(held, from);
            }
        } else {
            meet(object, new From(text, NOBODY));
        }
    }

    /** Whether it has found something, or has no more time or room. */
    boolean isOver() {
        return found != null || left <= 0 || by.size() >= UNTIMED && System.nanoTime() - untilNanos > 0;
    }

    /** Goes on until it has found something, or all is looked at. */
    void run() {
        while (!open.isEmpty() && !isOver()) {
            Object object = open.poll();
            if (object instanceof SoftReference) {
                meet(fields.heldSoftly((SoftReference<?>) object), object);
            }
            for (Object target : fields.references(object)) {
                meet(target, object);
            }
        }
    }

    private void meet(Object object, Object how) {
        if (object == null || found != null || !isFollowed(object) || by.containsKey(object)) {
            return;
        }
        by.put(object, how);
        left--;
        if (wanted.is(object)) {
            found = object;
        } else if (left > 0) {
            open.add(object);
        }
    }

    private static boolean isFollowed(Object object) {
        Class<?> type = object.getClass();
        return !(object instanceof Class || object instanceof ClassLoader || object instanceof Thread || object instanceof Module || object instanceof String
            || object instanceof Number || type.isArray() && type.getComponentType().isPrimitive());
    }

    /** The path that was found; null if there is none. */
    String path(PathText text) {
        if (found == null) {
            return null;
        }
        List<Object> objects = new ArrayList<>();
        Object at = found;
        while (!(at instanceof From)) {
            objects.add(at);
            at = by.get(at);
        }
        From from = (From) at;
        if (from.holder() != NOBODY) {
            objects.add(from.holder());
        }
        Collections.reverse(objects);
        return text.of(from.text(), objects);
    }
}
