import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.management.ObjectName;

/**
 * What a watched method costs while no other load is open, and while 10,000 are; and what those take. A virtual thread is inside each of them (JDK 21 and newer), or each has a task in the queue of a pool.
 * Compiled and run by benchmarks/scale.
 */
public final class ManyLoads {
    private static final int OPEN = 10_000;
    private static final int BATCHES = 101;
    private static final int CALLS = 500;
    private static final int OTHERS = 101;
    private static final long IDLE_MILLIS = 3_000;
    /** So that the worker has told of all before it is measured again: what waits for it is no part of what a call costs. */
    private static final long PAUSE_MILLIS = 20;

    private static int entered;

    private ManyLoads() { }

    /** Watched. */
    static int loadNothing() {
        return entered++;
    }

    /** Watched. */
    static void loadLater(ExecutorService pool) {
        pool.submit(() -> 1);
    }

    /** Watched. */
    static void loadUntil(CountDownLatch inside, CountDownLatch leave) throws InterruptedException {
        inside.countDown();
        leave.await();
    }

    /** @param args {@code threads} or {@code tasks} */
    public static void main(String[] args) throws Exception {
        boolean threads = args[0].equals("threads");
        enterAndLeave();
        System.out.printf("figure|enter and leave, nothing else open, ns|%.1f%n", enterAndLeave());
        awaitTold(entered);
        others("nothing open");
        long heap = heapBytes();
        double idle = cpuShare();
        CountDownLatch leave = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(1);
        // so its queue waits
        pool.submit(() -> {
            leave.await();
            return null;
        });
        long begun = System.nanoTime();
        List<Thread> inside = threads ? openByThreads(leave) : openByTasks(pool);
        System.out.printf("figure|opening one of 10,000, us|%.2f%n", (System.nanoTime() - begun) / 1e3 / OPEN);
        System.out.printf("figure|heap of 10,000 open loads, KiB|%d%n", heapBytes() - heap >> 10);
        System.out.printf("figure|processor, %% of a core, nothing going on|%.2f%n", idle);
        System.out.printf("figure|processor, %% of a core, 10,000 open|%.2f%n", cpuShare());
        System.out.printf("figure|enter and leave, 10,000 open, ns|%.1f%n", enterAndLeave());
        others("10,000 open");
        if (EbbLog.isExpected()) {
            int open = (Integer) ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName("dev.ebb:type=Ebb"), "OpenLoads");
            EbbLog.check(open == OPEN, open + " open loads and not " + OPEN);
        }
        begun = System.nanoTime();
        leave.countDown();
        for (Thread thread : inside) {
            thread.join();
        }
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.MINUTES);
        System.out.printf("figure|closing one of 10,000, us|%.2f%n", (System.nanoTime() - begun) / 1e3 / OPEN);
        awaitTold(OPEN + entered);
    }

    private static List<Thread> openByTasks(ExecutorService pool) {
        for (int i = 0; i < OPEN; i++) {
            loadLater(pool);
        }
        return List.of();
    }

    private static List<Thread> openByThreads(CountDownLatch leave) throws Exception {
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        CountDownLatch inside = new CountDownLatch(OPEN);
        List<Thread> threads = new ArrayList<>(OPEN);
        for (int i = 0; i < OPEN; i++) {
            threads.add((Thread) start.invoke(null, (Runnable) () -> {
                try {
                    loadUntil(inside, leave);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        inside.await();
        return threads;
    }

    /** Median of the batches, nanoseconds a call. */
    private static double enterAndLeave() throws InterruptedException {
        double[] nanos = new double[BATCHES];
        for (int batch = 0; batch < BATCHES; batch++) {
            long begun = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                loadNothing();
            }
            nanos[batch] = (System.nanoTime() - begun) / (double) CALLS;
            Thread.sleep(PAUSE_MILLIS);
        }
        Arrays.sort(nanos);
        return nanos[BATCHES / 2];
    }

    /** What is heard of anywhere in the program, since it may concern a load: futures that are none of theirs, and a thread that is in none. */
    private static void others(String when) throws InterruptedException {
        FutureTask<Integer> never = new FutureTask<>(() -> 1);
        Thread idle = new Thread(() -> {
            while (true) {
                LockSupport.park();
                Thread.interrupted();
            }
        });
        idle.setDaemon(true);
        idle.start();
        other("a get that times out", when, () -> {
            try {
                never.get(0, TimeUnit.NANOSECONDS);
            } catch (TimeoutException | InterruptedException | ExecutionException expected) {
                // as it should
            }
        });
        other("a future cancelled", when, () -> new FutureTask<>(() -> 1).cancel(false));
        other("a thread interrupted", when, idle::interrupt);
    }

    private static void other(String what, String when, Runnable action) {
        double[] nanos = new double[OTHERS];
        for (int i = 0; i < OTHERS; i++) {
            long begun = System.nanoTime();
            action.run();
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        System.out.printf("figure|%s, %s, ns|%.1f%n", what, when, nanos[OTHERS / 2]);
    }

    private static double cpuShare() throws InterruptedException {
        com.sun.management.OperatingSystemMXBean system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long begun = System.nanoTime();
        long cpu = system.getProcessCpuTime();
        Thread.sleep(IDLE_MILLIS);
        return 100.0 * (system.getProcessCpuTime() - cpu) / (System.nanoTime() - begun);
    }

    private static long heapBytes() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Loads that come fast are counted and not said one by one. */
    private static void awaitTold(long loads) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (long told = 0; EbbLog.isExpected() && told != loads; told = EbbLog.number(EbbLog.last("ebb.summary"), "completed")) {
            EbbLog.check(System.nanoTime() < end, told + " loads and not " + loads);
            Thread.sleep(50);
        }
    }
}
