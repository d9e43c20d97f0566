package dev.ebb.weave;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;

/** Finds one of the JVM's counters of a thread behind the management bean. */
public final class ThreadCounter implements Callable<MethodHandle> {
    /** Heap bytes that a thread has allocated. */
    public static final String ALLOCATED_BYTES = "getThreadAllocatedMemory0";
    /** Processor time of a thread, in nanoseconds. */
    public static final String CPU_NANOS = "getThreadTotalCpuTime0";

    private final Openings openings;
    private final String method;

    public ThreadCounter(Openings openings, String method) {
        this.openings = openings;
        this.method = method;
    }

    /** Takes a thread id, or 0 for the calling thread. @throws ReflectiveOperationException on a JDK that has it elsewhere */
    @Override
    public MethodHandle call() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.management.ThreadImpl");
        return openings.into(type).findStatic(type, method, MethodType.methodType(long.class, long.class));
    }
}
