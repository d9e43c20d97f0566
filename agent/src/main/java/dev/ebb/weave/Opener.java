package dev.ebb.weave;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Stands in a module of its own, made for it by {@link Openings}, to which alone packages of java.base are opened: neither the program nor the rest of
 * Ebb gets to see more than before. Imports java.* only, since its class loader has no parent.
 */
public final class Opener implements Function<Class<?>, MethodHandles.Lookup>, Predicate<Field> {
    public Opener() { }

    /** Private access to the package of {@code type}. */
    @Override
    public MethodHandles.Lookup apply(Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a field of an opened package accessible to whoever has the field. */
    @Override
    public boolean test(Field field) {
        return field.trySetAccessible();
    }
}
