package dev.ebb.load;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.function.Predicate;

/** An object that a close may need, kept without keeping it alive; simple values of the JDK, which hold nothing, are kept as they are. */
final class Kept {
    private final Object value;
    private final WeakReference<Object> weak;
    private volatile Reference<Object> last;

    Kept(Object object) {
        boolean simple = object == null || object instanceof String || object instanceof Number || object instanceof Boolean || object instanceof Character
            || object instanceof Enum;
        value = simple ? object : null;
        weak = simple ? null : new WeakReference<>(object);
    }

    /** From now on the object is not lost when the program drops it. */
    void keep(LastReferences lastReferences) {
        Object object = last != null || weak == null ? null : weak.get();
        if (object != null) {
            last = lastReferences.register(object);
        }
    }

    /** @param handedOver whether a last reference was handed over: only then may its object be taken from it */
    Object get(Predicate<Reference<?>> handedOver) {
        if (weak == null) {
            return value;
        }
        Object object = weak.get();
        return object == null && last != null && handedOver.test(last) ? last.get() : object;
    }

    Reference<?> last() {
        return last;
    }

    boolean isThere(Predicate<Reference<?>> handedOver) {
        return weak == null || get(handedOver) != null;
    }
}
