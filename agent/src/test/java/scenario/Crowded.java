package scenario;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** Loads that take more than Ebb will record one by one. */
public final class Crowded {
    private static Object unsafe;
    private static Method allocate;
    private static Method free;

    private Crowded() { }

    /** Watched. */
    static void load(String name, int blocks, int freed) throws Exception {
        long[] addresses = new long[blocks];
        for (int i = 0; i < blocks; i++) {
            addresses[i] = (long) allocate.invoke(unsafe, 10L);
        }
        for (int i = 0; i < freed; i++) {
            free.invoke(unsafe, addresses[i]);
        }
        Kept.keep(addresses);
    }

    /** @param args how many blocks */
    public static void main(String[] args) throws Exception {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        unsafe = instance.get(null);
        allocate = type.getMethod("allocateMemory", long.class);
        free = type.getMethod("freeMemory", long.class);
        int blocks = Integer.parseInt(args[0]);
        load("few", 1_000, 1_000);
        load("freed", blocks, blocks);
        load("kept", blocks, 0);
        load("after", 1_000, 900);
        System.in.read(); // until all that is to be said of the loads was said
        System.out.println("done");
    }
}
