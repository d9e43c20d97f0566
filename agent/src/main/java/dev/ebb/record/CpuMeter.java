package dev.ebb.record;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;

/** Processor time of platform threads, by the JVM's own counter behind the management bean; a system call each, 200 to 400 ns. -1 where there is none. */
public final class CpuMeter {
    /** How to find the counter's native method; set once, before the first load. */
    private static volatile Callable<MethodHandle> source;

    private CpuMeter() { }

    /** @param nativeCounter finds {@code sun.management.ThreadImpl.getThreadTotalCpuTime0}, which takes the id of a thread, or 0 for the calling one */
    public static void use(Callable<MethodHandle> nativeCounter) {
        source = nativeCounter;
    }

    /** Of the calling thread, in nanoseconds. */
    static long nanos() {
        return HeapMeter.isVirtual(Thread.currentThread()) ? -1 : Counter.read(0);
    }

    /** Of another thread, in nanoseconds; -1 if it is virtual or has ended. */
    static long nanos(Thread thread) {
        long id = HeapMeter.isVirtual(thread) ? -1 : ThreadIds.of(thread);
        return id < 0 ? -1 : Counter.read(id);
    }

    private static final class Counter {
        private static final MethodHandle NATIVE = find();

        static long read(long id) {
            if (NATIVE == null) {
                return -1;
            }
            try {
                return (long) NATIVE.invokeExact(id);
            } catch (Throwable e) {
                return -1;
            }
        }

        private static MethodHandle find() {
            try {
                Class.forName("java.lang.management.ManagementFactory");
                return source.call();
            } catch (Throwable e) {
                return null;
            }
        }
    }
}
