package scenario;

import java.lang.reflect.InvocationTargetException;

/** A shared arena where the JDK has them; by reflection, since the scenarios are compiled for JDK 17. */
final class Foreign {
    private static final Class<?> ARENA = arena();

    private Foreign() { }

    /** @return null before JDK 22 */
    static AutoCloseable shared(long bytes) {
        if (ARENA == null) {
            return null;
        }
        try {
            Object arena = ARENA.getMethod("ofShared").invoke(null);
            ARENA.getMethod("allocate", long.class).invoke(arena, bytes);
            return (AutoCloseable) arena;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static boolean isAlive(Object arena) {
        try {
            ARENA.getMethod("allocate", long.class).invoke(arena, 1L);
            return true;
        } catch (InvocationTargetException e) {
            return false;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> arena() {
        try {
            return Runtime.version().feature() < 22 ? null : Class.forName("java.lang.foreign.Arena");
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
