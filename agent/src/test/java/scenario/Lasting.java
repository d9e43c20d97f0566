package scenario;

import dev.ebb.testing.NativeBlocks;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ObjectName;

/**
 * Loads that all end well, each with a name of its own: two threads call for one after the other in a pool, with a limit, and use what they get; one result of two is closed,
 * the other dropped. Tells what the heap has of Ebb, after collections, at a quarter of the way and at its end.
 */
public final class Lasting {
    private static final NativeBlocks BLOCKS = new NativeBlocks();
    private static final AtomicLong CLOSES = new AtomicLong();
    private static final int CALLERS = 2;

    private Lasting() { }

    /** Tracked. */
    static final class Handle implements AutoCloseable {
        @Override
        public void close() {
            CLOSES.incrementAndGet();
        }
    }

    private static final class Result implements AutoCloseable {
        final Handle handle = new Handle();
        final ByteBuffer buffer;

        Result(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public void close() {
            handle.close();
        }
    }

    /** Watched. */
    static Result load(String name, long number) {
        BLOCKS.free(BLOCKS.allocate(100));
        return new Result(number % 16 == 0 ? ByteBuffer.allocateDirect(1_000) : null);
    }

    /** @param args how many loads */
    public static void main(String[] args) throws Exception {
        long loads = Long.parseLong(args[0]);
        ExecutorService pool = Executors.newFixedThreadPool(CALLERS);
        long seconds = System.nanoTime();
        call(pool, loads / 4);
        tell("before");
        call(pool, loads - loads / 4);
        tell("after");
        System.out.println("loads " + loads + " closes " + CLOSES + " seconds " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - seconds));
        pool.shutdown();
        System.in.read();
    }

    private static void call(ExecutorService pool, long loads) throws Exception {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            long from = loads * i / CALLERS;
            long to = loads * (i + 1) / CALLERS;
            callers.add(new Thread(() -> call(pool, from, to)));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
    }

    private static void call(ExecutorService pool, long from, long to) {
        try {
            for (long i = from; i < to; i++) {
                long number = i;
                Future<Result> future = pool.submit(() -> load("segment-" + number, number));
                Result result = future.get(10, TimeUnit.MINUTES);
                if (i % 2 == 0) {
                    result.close();
                }
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Once Ebb has decided all, as it does within a second; the least of some looks, since it is at work by itself. */
    private static void tell(String when) throws Exception {
        long ebb = Long.MAX_VALUE;
        long references = Long.MAX_VALUE;
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 6; i++) {
            TimeUnit.MILLISECONDS.sleep(700);
            System.gc();
            String classes = (String) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[] {new String[0]}, new String[] {String[].class.getName()});
            ebb = Math.min(ebb, bytes(classes, "dev.ebb."));
            references = Math.min(references, bytes(classes, "java.lang.ref."));
            used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        long buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).get(0).getCount();
        System.out.println(when + " ebb " + ebb + " references " + references + " heap " + used + " buffers " + buffers + " threads "
            + ManagementFactory.getThreadMXBean().getThreadCount() + " descriptors " + descriptors() + " rssKib " + residentKib());
    }

    private static long bytes(String histogram, String prefix) {
        return histogram.lines().map(line -> line.trim().split(" +")).filter(words -> words.length > 3 && words[3].startsWith(prefix)).mapToLong(words -> Long.parseLong(words[2])).sum();
    }

    private static long descriptors() throws Exception {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private static long residentKib() throws Exception {
        return Long.parseLong(Files.readString(Path.of("/proc/self/status")).lines().filter(line -> line.startsWith("VmRSS")).findFirst().orElseThrow().replaceAll("\\D", ""));
    }
}
