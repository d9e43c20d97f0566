package dev.ebb.record;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;

/** Ids of threads, as the JVM's counters take them. Read from the field: a subclass of the program's may override {@code getId}. Safe for any thread. */
public final class ThreadIds {
    /** How to find the field; set once, before the first load. */
    private static volatile Callable<MethodHandle> source;

    private ThreadIds() { }

    /** @param getter finds a getter of the field of {@link Thread} that has its id */
    public static void use(Callable<MethodHandle> getter) {
        source = getter;
    }

    /** -1 if this JDK has that field elsewhere. */
    static long of(Thread thread) {
        return Field.of(thread);
    }

    private static final class Field {
        private static final MethodHandle GETTER = find();

        static long of(Thread thread) {
            if (GETTER == null) {
                return -1;
            }
            try {
                return (long) GETTER.invokeExact(thread);
            } catch (Throwable e) {
                return -1;
            }
        }

        private static MethodHandle find() {
            try {
                return source.call();
            } catch (Throwable e) {
                return null;
            }
        }
    }
}
