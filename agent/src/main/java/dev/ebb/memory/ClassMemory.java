package dev.ebb.memory;

import java.lang.invoke.MethodHandle;
import java.lang.management.MemoryPoolMXBean;
import java.util.concurrent.Callable;

/** What the JVM keeps of classes. Looked up when first asked for, never before main: management classes loaded earlier break programs that configure them. Any thread. */
public final class ClassMemory {
    /** HotSpot's name for all of it; another JVM may have no such pool. */
    private static final String METASPACE = "Metaspace";

    /** How to find the JVM's pools of memory; set once, before the first load. */
    private static volatile Callable<MethodHandle> source;

    private ClassMemory() { }

    /**
     * @param pools finds {@code sun.management.MemoryImpl.getMemoryPools}, which takes 10 ms when first called; the public way loads 300 classes, which keeps the worker from a
     *     short program's only load
     */
    public static void use(Callable<MethodHandle> pools) {
        source = pools;
    }

    /** Committed bytes, nearly all of which are resident; -1 if the JVM does not tell. */
    static long committedBytes() {
        return Pool.FOUND == null ? -1 : Pool.FOUND.getUsage().getCommitted();
    }

    private static final class Pool {
        private static final MemoryPoolMXBean FOUND = find();

        private static MemoryPoolMXBean find() {
            try {
                // its initializer loads the native library that has the pools
                Class.forName("java.lang.management.ManagementFactory");
                MethodHandle pools = source.call();
                for (MemoryPoolMXBean pool : (MemoryPoolMXBean[]) pools.invokeExact()) {
                    if (pool.getName().equals(METASPACE)) {
                        return pool;
                    }
                }
            } catch (Throwable e) {
                // another JDK, or an image without java.management: verdicts go without classes
            }
            return null;
        }
    }
}
