package dev.ebb.memory;

import java.lang.reflect.Method;

/** Whether, and from when on, malloc is counted by thread. Immutable. */
enum NativeCount {
    AUTO, ON, OFF;

    /** From JDK 24 on the JVM writes a warning to stderr when a library is loaded (JEP 472). */
    private static final int WARNS_FROM = 24;

    static NativeCount of(String option) {
        return option == null || option.equals("auto") ? AUTO : option.equals("on") ? ON : OFF;
    }

    boolean isOff() {
        return this == OFF;
    }

    /** Before the first purge has loaded the library anyway. Only a jemalloc counts, so under another allocator there is nothing to load it for. Reads /proc/self/maps. */
    boolean mayLoadNow() {
        return (this == ON || this == AUTO && isSilent()) && MappedAllocator.guess().name().equals("jemalloc");
    }

    private static boolean isSilent() {
        if (Runtime.version().feature() < WARNS_FROM) {
            return true;
        }
        try {
            Method enabled = Module.class.getMethod("isNativeAccessEnabled");
            return (Boolean) enabled.invoke(NativeCount.class.getModule());
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false; // then it stays as late as ever
        }
    }
}
