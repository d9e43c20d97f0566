package scenario;

import scenario.Engine.Order;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.management.ObjectName;

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
        fails("each", Threads::each);
        load("completes", () -> leave("completes"));
        fails("fails", () -> leaveAndThrow("fails", new IllegalStateException("broken")));
        fails("times-out", () -> leaveAndThrow("times-out", new TimeoutException()));
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
        ThreadMXBean counters = ManagementFactory.getThreadMXBean();
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

    private static void leaveAndThrow(String name, Exception how) throws Exception {
        leave(name);
        throw how;
    }

    private static void fails(String name, Work work) {
        try {
            load(name, work);
            throw new AssertionError();
        } catch (Exception expected) {
            // as it was to
        }
    }

    /** One thread works, one makes an array, one waits until Ebb says that it does; and a thread of a pool has run two tasks. */
    private static void each() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        Thread[] threads = {new Thread(Threads::work, "works"), new Thread(() -> Kept.keep(new byte[3_000_000]), "makes"), new Thread(() -> Engine.await(seen), "waits")};
        for (Thread thread : threads) {
            thread.start();
        }
        POOL.submit(() -> { }).get();
        Pattern blocked = Pattern.compile("thread: waits born, inside for \\d+ ms, 0 tasks, \\d+ ms of processor, [1-9]\\d* ms blocked, ");
        while (!blocked.matcher(dump()).find()) {
            Thread.sleep(10);
        }
        seen.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        throw new IllegalStateException("broken");
    }

    private static String dump() throws Exception {
        return (String) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("dev.ebb:type=Ebb"), "dump", new Object[0], new String[0]);
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
