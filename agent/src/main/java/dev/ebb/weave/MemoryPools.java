package dev.ebb.weave;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.management.MemoryPoolMXBean;
import java.util.concurrent.Callable;

/** Finds the JVM's list of its memory pools behind the management beans. */
public final class MemoryPools implements Callable<MethodHandle> {
    private final Openings openings;

    public MemoryPools(Openings openings) {
        this.openings = openings;
    }

    /** Takes nothing. @throws ReflectiveOperationException on a JDK that has it elsewhere */
    @Override
    public MethodHandle call() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.management.MemoryImpl");
        return openings.into(type).findStatic(type, "getMemoryPools", MethodType.methodType(MemoryPoolMXBean[].class));
    }
}
