package dev.ebb.rollback;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Locale;

/** Guesses from a class whether its objects hold native memory that the close of something else may free: better once too often than once too seldom. */
final class PartClass {
    private static final String[] DISPOSERS = {"close", "free", "release", "destroy", "dispose", "deallocate", "unmap", "shutdown", "finalize"};
    private static final String[] ADDRESSES = {"addr", "ptr", "pointer", "handle", "native", "peer"};

    private PartClass() { }

    static boolean mayHoldMemory(Class<?> type) {
        if (type.isEnum()) {
            return false;
        }
        for (Class<?> c = type; c != null && c.getClassLoader() != null; c = c.getSuperclass()) {
            for (String disposer : DISPOSERS) {
                if (declares(c, disposer)) {
                    return true;
                }
            }
            if (hasAddress(c)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the class itself declares a method of this name without arguments. */
    static boolean declares(Class<?> type, String name) {
        try {
            Method method = type.getDeclaredMethod(name);
            return !method.isSynthetic();
        } catch (NoSuchMethodException | LinkageError e) {
            return false;
        }
    }

    private static boolean hasAddress(Class<?> type) {
        try {
            for (Field field : type.getDeclaredFields()) {
                if (field.getType() == long.class && namesAddress(field.getName().toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
            return false;
        } catch (LinkageError e) {
            // it cannot be looked into
            return true;
        }
    }

    private static boolean namesAddress(String field) {
        for (String part : ADDRESSES) {
            if (field.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
