package dev.ebb.record;

import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;

/**
 * The JVM's counter of heap bytes that the calling thread has ever allocated; about 12 ns. Looked up at the first load, never before main: management
 * classes loaded earlier break programs that configure them (JBoss, Jenkins). The counter does not exist for virtual threads.
 */
public final class HeapMeter {
    /** Bytes that any thread has ever allocated; -1 if it is virtual, has ended, or has no counter. Some 100 ns, for the worker. */
    static final ToLongFunction<Thread> OF_ANY = new OfAny();

    /** How to find the counter's native method; set once, before the first load. */
    private static volatile Callable<MethodHandle> source;

    private HeapMeter() { }

    /**
     * @param nativeCounter finds {@code sun.management.ThreadImpl.getThreadAllocatedMemory0}, which takes 0 for the calling thread; asking the public
     *     ThreadMXBean instead costs the program's first load 25 ms of class loading, and is done only if this fails
     */
    public static void use(Callable<MethodHandle> nativeCounter) {
        source = nativeCounter;
    }

    /** Bytes, or -1 if this thread has no counter. */
    static long allocatedBytes() {
        return Counter.read();
    }

    /** Virtual threads have counters of nothing. */
    static boolean isVirtual(Thread thread) {
        return Counter.VIRTUAL != null && Counter.VIRTUAL.isInstance(thread);
    }

    /** A class and no lambda: the first load of a program links none. */
    private static final class OfAny implements ToLongFunction<Thread> {
        @Override
        public long applyAsLong(Thread thread) {
            long id = isVirtual(thread) ? -1 : ThreadIds.of(thread);
            return id < 0 ? -1 : Counter.read(id);
        }
    }

    private static final class Counter {
        private static final Class<?> VIRTUAL = virtualThread();
        private static final MethodHandle NATIVE = nativeCounter();
        private static final com.sun.management.ThreadMXBean BEAN = NATIVE == null ? bean() : null;

        static long read() {
            if (NATIVE == null) {
                return BEAN == null ? -1 : BEAN.getCurrentThreadAllocatedBytes();
            }
            if (isVirtual(Thread.currentThread())) {
                return -1;
            }
            try {
                return (long) NATIVE.invokeExact(0L);
            } catch (Throwable e) {
                return -1;
            }
        }

        private static MethodHandle nativeCounter() {
            try {
                // its initializer loads the native library that has the counter
                Class.forName("java.lang.management.ManagementFactory");
                MethodHandle counter = source.call();
                return (long) counter.invokeExact(0L) > 0 ? counter : null;
            } catch (Throwable e) {
                return null;
            }
        }

        static long read(long id) {
            if (NATIVE == null) {
                return BEAN == null ? -1 : BEAN.getThreadAllocatedBytes(id);
            }
            try {
                return (long) NATIVE.invokeExact(id);
            } catch (Throwable e) {
                return -1;
            }
        }

        private static com.sun.management.ThreadMXBean bean() {
            try {
                com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
                return threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled() ? threads : null;
            } catch (RuntimeException | LinkageError e) {
                // a run-time image without jdk.management: loads go without heap bytes
                return null;
            }
        }

        /** From JDK 21 on; null before. */
        private static Class<?> virtualThread() {
            try {
                return Class.forName("java.lang.BaseVirtualThread");
            } catch (ClassNotFoundException e) {
                return null;
            }
        }
    }
}
