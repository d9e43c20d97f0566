package scenario;

import dev.ebb.testing.NativeCalls;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Pool threads whose loads fill the allocator's caches of those threads, and which then wait for other work. Goes on with each line on stdin. */
public final class ThreadCaches {
    private static final int THREADS = 40;
    private static final long MALLOC = NativeCalls.symbol(0, "malloc");
    private static final long FREE = NativeCalls.symbol(0, "free");

    private ThreadCaches() { }

    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        CountDownLatch end = new CountDownLatch(1);
        Thread beside = besideAll(end);
        onEachThread(pool, "filling", ThreadCaches::fill);
        timeOut("first");
        System.in.read();
        onEachThread(pool, "next", () -> { });
        timeOut("second");
        System.in.read();
        onEachThread(pool, "settling", () -> { }); // after the purge they flush once, and then fill
        onEachThread(pool, "filling", ThreadCaches::fill);
        timeOut("third");
        System.in.read();
        onEachThread(pool, null, () -> { });
        timeOut("fourth");
        System.in.read();
        onEachThread(pool, "settling", () -> { });
        timeOut("late", pool);
        System.in.read();
        pool.shutdown();
        end.countDown();
        beside.join();
        System.out.println("done");
    }

    /** While a load is open Ebb does not purge a second time, some seconds after a verdict: on a slow machine that would be just before the caches are filled. */
    private static Thread besideAll(CountDownLatch end) {
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = new Thread(() -> load("beside", () -> {
            begun.countDown();
            Engine.await(end);
        }));
        thread.start();
        Engine.await(begun);
        return thread;
    }

    /** @param label null for plain tasks, which belong to no load */
    private static void onEachThread(ExecutorService pool, String label, Runnable work) throws Exception {
        CountDownLatch allThere = new CountDownLatch(THREADS);
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            futures.add(pool.submit(() -> {
                allThere.countDown();
                allThere.await();
                if (label != null) {
                    load(label, work);
                }
                return null;
            }));
        }
        for (Future<?> future : futures) {
            future.get();
        }
    }

    /** The watched method. */
    private static void load(String label, Runnable work) {
        work.run();
    }

    /** Watched, too. */
    private static void timeOut(String label) {
        try {
            give(label);
        } catch (TimeoutException expected) {
            // so that there is a rollback, and with it a purge
        }
    }

    /** A load that gives up on what its tasks do in the pool, which goes on after that. */
    private static void timeOut(String label, ExecutorService pool) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try {
            give(label, pool, go);
        } catch (TimeoutException expected) {
            go.countDown();
        }
    }

    /** Watched, too. */
    private static void give(String label, ExecutorService pool, CountDownLatch go) throws Exception {
        CountDownLatch allThere = new CountDownLatch(THREADS);
        Future<?> future = null;
        for (int i = 0; i < THREADS; i++) {
            future = pool.submit(() -> {
                allThere.countDown();
                Engine.await(allThere);
                Engine.await(go);
                fill();
            });
        }
        Engine.await(allThere);
        future.get(20, TimeUnit.MILLISECONDS);
    }

    private static void give(String label) throws TimeoutException {
        throw new TimeoutException();
    }

    /** A thread keeps up to 20 blocks of each size from 16 to 32 KiB, and 200 of the smaller ones. */
    private static void fill() {
        for (int bytes = 1_000; bytes <= 32_000; bytes += 1_000) {
            NativeCalls.release(FREE, NativeCalls.allocate(MALLOC, 50, bytes), 50, 0);
        }
    }
}
