package scenario;

import scenario.Engine.Order;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Loads that borrow threads, and loads that leave threads of their own behind, whichever way they end. */
public final class Threads {
    private static final ExecutorService POOL = Executors.newFixedThreadPool(2, Threads::daemon);
    private static final CountDownLatch MAY_END = new CountDownLatch(1);

    private Threads() { }

    interface Work {
        void run() throws Exception;
    }

    /** Watched. */
    static void load(String name, Work work) throws Exception {
        work.run();
    }

    public static void main(String[] args) throws Exception {
        load("lends", Threads::lends);
        load("starts", Threads::starts);
        load("completes", () -> leave("completes"));
        fails("fails", new IllegalStateException("broken"));
        fails("times-out", new TimeoutException());
        givenUp();
        System.out.println("waiting");
        System.in.read();
        MAY_END.countDown();
        System.in.read();
    }

    /** Five tasks in two threads of a pool, of which both run at once, and the thread of the load itself. */
    private static void lends() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Future<?> first = POOL.submit(() -> meet(both));
        Future<?> second = POOL.submit(() -> meet(both));
        first.get();
        second.get();
        for (int i = 0; i < 3; i++) {
            POOL.submit(() -> { }).get();
        }
    }

    /** Three threads, one of which works until it has used a quarter of a second of processor time at the least. */
    private static void starts() throws Exception {
        Thread[] threads = {new Thread(Threads::work), new Thread(() -> { }), new Thread(() -> Kept.keep(new byte[3_000_000]))};
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void work() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(250);
        java.lang.management.ThreadMXBean counters = java.lang.management.ManagementFactory.getThreadMXBean();
        while (counters.getCurrentThreadCpuTime() < TimeUnit.MILLISECONDS.toNanos(250) || System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void meet(CountDownLatch both) {
        both.countDown();
        Engine.await(both);
    }

    private static void leave(String name) {
        CountDownLatch begun = new CountDownLatch(1);
        new Thread(() -> leftBehind(begun), "left-by-" + name).start();
        Engine.await(begun);
    }

    private static void leftBehind(CountDownLatch begun) {
        begun.countDown();
        Engine.await(MAY_END);
    }

    private static void fails(String name, Exception how) {
        try {
            load(name, () -> {
                leave(name);
                throw how;
            });
            throw new AssertionError();
        } catch (Exception expected) {
            // as it was to
        }
    }

    /** Its caller has gone, though nobody knows yet that nobody else wants its result. */
    private static void givenUp() throws Exception {
        Order order = new Order("given-up", 1);
        Future<?> future = POOL.submit(() -> {
            load("given-up", () -> {
                leave("given-up");
                Engine.await(order.mayEnd);
            });
            return null;
        });
        try {
            future.get(20, TimeUnit.MILLISECONDS);
            throw new AssertionError();
        } catch (TimeoutException expected) {
            order.open();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }
}
