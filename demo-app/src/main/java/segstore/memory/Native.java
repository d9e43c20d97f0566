package segstore.memory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/**
 * Memory that the garbage collector knows nothing of, straight from the process's {@code malloc}.
 *
 * <p>Java 17 offers no supported way to it without a native library, hence {@code sun.misc.Unsafe}; newer JDKs print
 * one warning about that. It is called through method handles because javac's own warning about the class cannot be
 * switched off. Nothing here checks bounds or liveness: {@link NativeBlock} does.
 */
final class Native {
    private static final Unsafe UNSAFE = Unsafe.find();

    private Native() {
    }

    /** Returns the address of {@code bytes} bytes with undefined content; throws {@link OutOfMemoryError}. */
    static long allocate(long bytes) {
        return call(() -> (long) UNSAFE.allocate.invokeExact(bytes));
    }

    static void free(long address) {
        run(() -> {
            UNSAFE.free.invokeExact(address);
        });
    }

    static void write(long address, byte[] from, int length) {
        run(() -> {
            UNSAFE.copy.invokeExact((Object) from, UNSAFE.bytesBase, (Object) null, address, (long) length);
        });
    }

    static void read(long address, byte[] to, int length) {
        run(() -> {
            UNSAFE.copy.invokeExact((Object) null, address, (Object) to, UNSAFE.bytesBase, (long) length);
        });
    }

    /** Frees a direct buffer or unmaps a mapped one now, not at some later collection; not for slices. */
    static void clean(ByteBuffer buffer) {
        run(() -> {
            UNSAFE.clean.invokeExact(buffer);
        });
    }

    /** The actions are blocks: in an expression lambda javac would take the handle's result for an Object. */
    private static void run(Action action) {
        call(() -> {
            action.run();
            return 0;
        });
    }

    private static long call(Call call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("Unsafe throws no checked exceptions", e);
        }
    }

    private interface Action {
        void run() throws Throwable;
    }

    private interface Call {
        long run() throws Throwable;
    }

    /** The methods of the one instance. */
    private record Unsafe(MethodHandle allocate, MethodHandle free, MethodHandle copy, MethodHandle clean,
            long bytesBase) {

        static Unsafe find() {
            try {
                Class<?> type = Class.forName("sun.misc.Unsafe");
                Field field = type.getDeclaredField("theUnsafe");
                field.setAccessible(true);
                Object unsafe = field.get(null);
                return new Unsafe(
                        method(unsafe, "allocateMemory", long.class, long.class),
                        method(unsafe, "freeMemory", void.class, long.class),
                        method(unsafe, "copyMemory", void.class,
                                Object.class, long.class, Object.class, long.class, long.class),
                        method(unsafe, "invokeCleaner", void.class, ByteBuffer.class),
                        type.getField("ARRAY_BYTE_BASE_OFFSET").getInt(null));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private static MethodHandle method(Object unsafe, String name, Class<?> result, Class<?>... arguments)
                throws ReflectiveOperationException {
            return MethodHandles.publicLookup()
                    .findVirtual(unsafe.getClass(), name, MethodType.methodType(result, arguments))
                    .bindTo(unsafe);
        }
    }
}
