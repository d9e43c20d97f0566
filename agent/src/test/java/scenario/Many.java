package scenario;

import java.io.FileInputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;

/**
 * Takes a great many things in one load, and prints what Ebb's part of the heap has grown by for each of them: while the load is open, and when it is decided. While a load holds
 * blocks, two threads beside it load and give back; how many loads they made, and what the heap has grown by, is printed as well.
 */
public final class Many {
    private static final int WARM_UP = 20_000;

    private static Object unsafe;
    private static Method allocate;
    private static Method free;
    private static Rush rush;

    private Many() { }

    /** Takes one thing. */
    interface Taker {
        Object take() throws Exception;
    }

    /** What {@code ebb.track} names. */
    public static class Handle implements AutoCloseable {
        @Override
        public void close() { }
    }

    /** Watched. */
    static void load(String name, Object[] into, Taker taker) throws Exception {
        long before = ebbBytes();
        for (int i = 0; i < into.length; i++) {
            into[i] = taker.take();
        }
        print(name, into.length, ebbBytes() - before);
    }

    /** Watched; blocks are numbers, so that all that the heap has grown by is Ebb's. */
    static void loadBlocks(String name, long[] into, int seconds) throws Exception {
        long before = ebbBytes();
        long used = used();
        for (int i = 0; i < into.length; i++) {
            into[i] = (long) allocate.invoke(unsafe, 1L);
        }
        print(name, into.length, ebbBytes() - before);
        print("heap", into.length, used() - used);
        rush(seconds);
    }

    /** Classes are loaded and code compiled first; each time the test has seen all loads told before the heap is measured. */
    private static void rush(int seconds) throws Exception {
        System.out.println("warm " + rush.run(WARM_UP, 0).loads());
        System.in.read();
        long used = used();
        long began = System.nanoTime();
        Rush.Made made = rush.run(WARM_UP, TimeUnit.SECONDS.toNanos(seconds));
        System.out.println("rushed " + made.loads() + " in " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + " ms, of the processor "
            + TimeUnit.NANOSECONDS.toMillis(made.cpuNanos()) + " ms");
        System.in.read();
        System.out.println("grown " + (used() - used));
    }

    /** Watched. */
    static void loadAndGiveBack(String name) throws Exception {
        Object one = allocate.invoke(unsafe, 100L);
        Object other = allocate.invoke(unsafe, 200L);
        free.invoke(unsafe, one);
        free.invoke(unsafe, other);
    }

    /** @param args seconds to load beside, then a name of a kind and how many, for each kind; blocks first */
    public static void main(String[] args) throws Exception {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        unsafe = instance.get(null);
        allocate = type.getMethod("allocateMemory", long.class);
        free = type.getMethod("freeMemory", long.class);
        rush = new Rush(() -> {
            loadAndGiveBack("rush");
            return null;
        });
        loadBlocks("block", Kept.keep(new long[Integer.parseInt(args[2])]), Integer.parseInt(args[0]));
        for (int i = 3; i < args.length; i += 2) {
            takeMany(args[i], Integer.parseInt(args[i + 1]));
        }
        System.out.println("done");
    }

    private static void takeMany(String kind, int count) throws Exception {
        Taker taker = taker(kind);
        Object[] kept = Kept.keep(new Object[count]);
        long before = ebbBytes();
        load(kind, kept, taker);
        System.in.read();
        print("decided", count, ebbBytes() - before);
    }

    private static Taker taker(String kind) {
        return switch (kind) {
            case "direct" -> () -> ByteBuffer.allocateDirect(1);
            case "file" -> () -> new FileInputStream("/dev/null");
            case "arena" -> () -> Foreign.shared(1);
            case "tracked" -> Handle::new;
            default -> throw new AssertionError(kind);
        };
    }

    private static void print(String what, int count, long bytes) {
        System.out.println(what + " " + Math.round((double) bytes / count));
    }

    /** Bytes of live objects of Ebb's classes, of arrays of them, and of last references; sampled stacks are not among them. */
    private static long ebbBytes() throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "gcClassHistogram", new Object[] {null}, new String[] {String[].class.getName()});
        long bytes = 0;
        for (String line : histogram.split("\n")) {
            String[] words = line.trim().split("\\s+");
            if (words.length > 3 && (words[3].contains("dev.ebb.") || words[3].equals("java.lang.ref.Finalizer"))) {
                bytes += Long.parseLong(words[2]);
            }
        }
        return bytes;
    }

    /** Heap bytes in use after a collection. */
    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
