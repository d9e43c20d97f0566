package scenario.chaos;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/** Memory that is really gone when it was freed: sun.misc.Unsafe, and shared arenas where the JDK has them. By handles, because the compiler warns of both. */
final class Raw {
    private static final MethodHandle ALLOCATE = unsafe("allocateMemory", long.class, long.class);
    private static final MethodHandle FREE = unsafe("freeMemory", void.class, long.class);
    private static final MethodHandle GET = unsafe("getLong", long.class, long.class);
    private static final MethodHandle PUT = unsafe("putLong", void.class, long.class, long.class);
    private static final MethodHandle CLEAN = unsafe("invokeCleaner", void.class, ByteBuffer.class);
    private static final Class<?> ARENA = arena();

    private Raw() { }

    static long allocate(long bytes) {
        try {
            return (long) ALLOCATE.invokeExact(bytes);
        } catch (Throwable e) {
            throw sneaky(e);
        }
    }

    static void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw sneaky(e);
        }
    }

    static long get(long address) {
        try {
            return (long) GET.invokeExact(address);
        } catch (Throwable e) {
            throw sneaky(e);
        }
    }

    static void put(long address, long value) {
        try {
            PUT.invokeExact(address, value);
        } catch (Throwable e) {
            throw sneaky(e);
        }
    }

    /** Frees a direct buffer, or unmaps a mapped one, as engines do that do not wait for the garbage collector. */
    static void clean(ByteBuffer buffer) {
        try {
            CLEAN.invokeExact(buffer);
        } catch (Throwable e) {
            throw sneaky(e);
        }
    }

    static boolean hasArenas() {
        return ARENA != null;
    }

    static AutoCloseable sharedArena() {
        try {
            return (AutoCloseable) ARENA.getMethod("ofShared").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw sneaky(e.getCause() == null ? e : e.getCause());
        }
    }

    static ByteBuffer in(AutoCloseable arena, long bytes) {
        try {
            Object segment = ARENA.getMethod("allocate", long.class).invoke(arena, bytes);
            return (ByteBuffer) Class.forName("java.lang.foreign.MemorySegment").getMethod("asByteBuffer").invoke(segment);
        } catch (ReflectiveOperationException e) {
            throw sneaky(e.getCause() == null ? e : e.getCause());
        }
    }

    static void close(AutoCloseable arena) {
        try {
            arena.close();
        } catch (Exception e) {
            throw sneaky(e);
        }
    }

    private static MethodHandle unsafe(String name, Class<?> result, Class<?>... parameters) {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field instance = type.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            return MethodHandles.lookup().findVirtual(type, name, MethodType.methodType(result, parameters)).bindTo(instance.get(null));
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

    /** What was thrown goes on as it is: it may be the error that stops a load. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
