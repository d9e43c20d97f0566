package scenario.ledgers;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/** {@code sun.misc.Unsafe} by name, since the compiler warns of every use of it. */
final class UnsafeMemory {
    private static final MethodHandle ALLOCATE = find("allocateMemory", MethodType.methodType(long.class, long.class));
    private static final MethodHandle FREE = find("freeMemory", MethodType.methodType(void.class, long.class));
    private static final MethodHandle CLEAN = find("invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class));

    private UnsafeMemory() { }

    static long allocate(long bytes) {
        try {
            return (long) ALLOCATE.invokeExact(bytes);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Frees a direct or mapped buffer that nobody uses any more. */
    static void clean(ByteBuffer buffer) {
        try {
            CLEAN.invokeExact(buffer);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle find(String name, MethodType type) {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field instance = unsafe.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            return MethodHandles.lookup().findVirtual(unsafe, name, type).bindTo(instance.get(null));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
