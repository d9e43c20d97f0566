package dev.ebb.weave;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;

/** Finds the JVM's counter of heap bytes allocated by a thread behind the management bean. */
public final class AllocationCounter implements Callable<MethodHandle> {
    private final Openings openings;

    public AllocationCounter(Openings openings) {
        this.openings = openings;
    }

    /** Takes a thread id, or 0 for the calling thread; answers bytes. @throws ReflectiveOperationException on a JDK that has it elsewhere */
    @Override
    public MethodHandle call() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.management.ThreadImpl");
        return openings.into(type).findStatic(type, "getThreadAllocatedMemory0", MethodType.methodType(long.class, long.class));
    }
}
