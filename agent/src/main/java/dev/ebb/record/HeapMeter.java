package dev.ebb.record;

import java.lang.management.ManagementFactory;

/**
 * The JVM's counter of heap bytes that the calling thread has ever allocated; about 12 ns. Initialised at the first load, never before main: management
 * classes loaded earlier break programs that configure them (JBoss, Jenkins). The counter does not exist for virtual threads.
 */
final class HeapMeter {
    /** Null where the JVM has no such counter. */
    private static final com.sun.management.ThreadMXBean THREADS = threads();

    private HeapMeter() { }

    /** Bytes, or -1 if this thread has no counter. */
    static long allocatedBytes() {
        return THREADS == null ? -1 : THREADS.getCurrentThreadAllocatedBytes();
    }

    private static com.sun.management.ThreadMXBean threads() {
        try {
            com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            return threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled() ? threads : null;
        } catch (RuntimeException | LinkageError e) {
            // a run-time image without jdk.management: loads go without heap bytes
            return null;
        }
    }
}
