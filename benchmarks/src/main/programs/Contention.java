import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.LongAdder;

/**
 * 1 to 64 threads that take direct buffers and give them back as fast as they can, each in a load of its own, and then all of them in one load. Prints how many they manage in a second, all together, and
 * what a pair takes of the processor, which others cannot take away. Compiled and run by benchmarks/scale.
 */
public final class Contention {
    private static final int BYTES = 4096;
    /** What each thread leaves in the end, so that Ebb's line about its load has a size to be known by. */
    private static final int LEFT_BYTES = 1_234_567;
    private static final int MOST_THREADS = 64;
    private static final long WARM_UP_MILLIS = 2_000;
    private static final MethodHandle CLEANER = cleaner();

    private static volatile boolean stopped;
    private static int loads;

    private Contention() { }

    /** One step: who runs, and what comes of it. */
    private static final class Step {
        final CyclicBarrier begin;
        final LongAdder pairs = new LongAdder();
        final List<ByteBuffer> left = new ArrayList<>();

        Step(int threads) {
            begin = new CyclicBarrier(threads + 1);
        }

        void acquire() {
            try {
                begin.await();
                long count = 0;
                while (!stopped) {
                    CLEANER.invokeExact(ByteBuffer.allocateDirect(BYTES));
                    count++;
                }
                pairs.add(count);
                ByteBuffer last = ByteBuffer.allocateDirect(LEFT_BYTES);
                synchronized (left) {
                    left.add(last);
                }
            } catch (Throwable t) {
                t.printStackTrace();
                System.exit(1);
            }
        }
    }

    /** Watched: a load of this thread alone. */
    static void loadAlone(Step step) {
        step.acquire();
    }

    /** Watched: a load that starts threads. */
    static void loadTogether(Step step, int threads) throws InterruptedException {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(new Thread(step::acquire));
        }
        for (Thread thread : all) {
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
    }

    /** @param args milliseconds of each step */
    public static void main(String[] args) throws Exception {
        for (boolean together : new boolean[] {false, true}) {
            run(1, together, WARM_UP_MILLIS);
            for (int threads = 1; threads <= MOST_THREADS; threads *= 2) {
                String who = threads + (threads == 1 ? " thread, " : " threads, ") + (together ? "one load" : "a load each");
                Result result = run(threads, together, Long.parseLong(args[0]));
                System.out.printf("figure|%s, thousand pairs/s|%.3f%n", who, result.pairs / result.seconds / 1000);
                System.out.printf("figure|%s, ns of the processor a pair|%.1f%n", who, result.cpuNanos / (double) result.pairs);
            }
        }
    }

    private record Result(long pairs, double seconds, long cpuNanos) { }

    private static Result run(int threads, boolean together, long millis) throws Exception {
        stopped = false;
        Step step = new Step(threads);
        int begun = together ? 1 : threads;
        CountDownLatch done = new CountDownLatch(begun);
        for (int i = 0; i < begun; i++) {
            new Thread(() -> {
                try {
                    if (together) {
                        loadTogether(step, threads);
                    } else {
                        loadAlone(step);
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                } finally {
                    done.countDown();
                }
            }).start();
        }
        step.begin.await();
        long nanos = System.nanoTime();
        long cpuNanos = cpuNanos();
        Thread.sleep(millis);
        stopped = true;
        double seconds = (System.nanoTime() - nanos) / 1e9;
        done.await();
        cpuNanos = cpuNanos() - cpuNanos;
        check(begun, together ? threads * (long) LEFT_BYTES : LEFT_BYTES);
        try {
            for (ByteBuffer buffer : step.left) {
                CLEANER.invokeExact(buffer);
            }
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
        return new Result(step.pairs.sum(), seconds, cpuNanos);
    }

    /** Before what is left is given back. */
    private static void check(int more, long bytes) throws Exception {
        if (EbbLog.isExpected()) {
            List<String> lines = EbbLog.await("load.completed", loads + more);
            for (String line : lines.subList(loads, lines.size())) {
                EbbLog.check(EbbLog.number(line, "directBytes") == bytes, bytes + " bytes in " + line);
            }
            loads += more;
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static MethodHandle cleaner() {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return MethodHandles.lookup().findVirtual(type, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class)).bindTo(field.get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
