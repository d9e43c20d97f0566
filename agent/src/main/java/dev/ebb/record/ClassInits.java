package dev.ebb.record;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;

/**
 * How many classes this JVM has begun to initialise: as long as that stays the same, no thread has come under a static initialiser in which it was not before. HotSpot counts it,
 * before the initialiser runs, in the memory that jstat reads ({@code sun.cls.initializedClasses}), and gives Java a view of that memory; reading takes 1.5 to 3 ns on JDK 17
 * and 25. Without that memory ({@code -XX:-UsePerfData}, another JVM) the count stays 0.
 */
final class ClassInits {
    private static final String NAME = "sun.cls.initializedClasses";
    /** In the header of that memory: where its first entry begins, and how many there are (HotSpot's perfMemory.hpp, PerfDataPrologue). */
    private static final int FIRST_AT = 24;
    private static final int COUNT_AT = 28;
    private static final int HEADER_BYTES = 32;
    /** In each entry: its length, where its name begins, and where its value does (PerfDataEntry). */
    private static final int NAME_AT = 4;
    private static final int VALUE_AT = 16;

    private static volatile Function<Class<?>, MethodHandles.Lookup> lookups;

    private ClassInits() { }

    /** To be called once, before the first {@link #count}. @param all private access to the package of a class of the JDK's */
    static void use(Function<Class<?>, MethodHandles.Lookup> all) {
        lookups = all;
    }

    /** Of all threads together; two that begin at once may be counted as one. The first call looks for the counter. */
    static long count() {
        return Counter.MEMORY == null ? 0 : Counter.MEMORY.getLong(Counter.AT);
    }

    private static final class Counter {
        private static final ByteBuffer MEMORY = memory();
        private static final int AT = MEMORY == null ? 0 : find(MEMORY);

        private static ByteBuffer memory() {
            try {
                Class<?> perf = Class.forName("jdk.internal.perf.Perf");
                MethodHandles.Lookup lookup = lookups.apply(perf);
                Object instance = lookup.findStatic(perf, "getPerf", MethodType.methodType(perf)).invoke();
                ByteBuffer memory = ((ByteBuffer) attach(lookup, perf).invoke(instance, 0)).order(ByteOrder.nativeOrder());
                return memory.capacity() > HEADER_BYTES && find(memory) > 0 ? memory : null;
            } catch (Throwable e) {
                return null;
            }
        }

        /** Before JDK 21 it took a mode as well. */
        private static MethodHandle attach(MethodHandles.Lookup lookup, Class<?> perf) throws ReflectiveOperationException {
            try {
                return lookup.findVirtual(perf, "attach", MethodType.methodType(ByteBuffer.class, int.class));
            } catch (NoSuchMethodException e) {
                return MethodHandles.insertArguments(lookup.findVirtual(perf, "attach", MethodType.methodType(ByteBuffer.class, int.class, String.class)), 2, "r");
            }
        }

        /** @return where the value stands, or 0 */
        private static int find(ByteBuffer memory) {
            int entry = memory.getInt(FIRST_AT);
            for (int i = memory.getInt(COUNT_AT); i > 0; i--) {
                if (isNamed(memory, entry + memory.getInt(entry + NAME_AT))) {
                    return entry + memory.getInt(entry + VALUE_AT);
                }
                entry += memory.getInt(entry);
            }
            return 0;
        }

        private static boolean isNamed(ByteBuffer memory, int at) {
            for (int i = 0; i < NAME.length(); i++) {
                if (memory.get(at + i) != NAME.charAt(i)) {
                    return false;
                }
            }
            return memory.get(at + NAME.length()) == 0;
        }
    }
}
