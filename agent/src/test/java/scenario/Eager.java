package scenario;

import scenario.Engine.Order;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Loads whose callers have timed out while the loads go on. Some callers come back, wait beside, or have asked to be called back; some are gone, though
 * their future is still there. The first line on stdin lets all loads end that have not been ended, the second ends the program.
 */
public final class Eager {
    private static final ExecutorService POOL = Executors.newCachedThreadPool(Eager::daemon);
    private static final List<Object> KEPT = new ArrayList<>();
    private static final CountDownLatch MAY_END = new CountDownLatch(1);

    private static final CompletableFuture<String> CALLED = new CompletableFuture<>();

    private Eager() { }

    /** Watched: takes a little now and then until it may end. */
    static int load(Order order) {
        order.begun.countDown();
        int taken = 0;
        while (MAY_END.getCount() > 0) {
            taken += ByteBuffer.allocateDirect(16).capacity();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return Math.min(taken, 1);
    }

    public static void main(String[] args) throws Exception {
        Future<Integer> polled = submit("poller");
        Future<Integer> waited = submit("waiter");
        CompletableFuture<Integer> callback = supply("callback");
        callback.thenAccept(result -> CALLED.complete("called " + result));
        CompletableFuture<Integer> chain = supply("chain");
        CompletableFuture<Integer> downstream = chain.thenApply(result -> result + 1);
        Future<Integer> gone = submit("gone");
        Future<String> polling = POOL.submit(() -> poll(polled));
        AtomicReference<Thread> waiter = new AtomicReference<>();
        Future<Integer> waiting = POOL.submit(() -> {
            waiter.set(Thread.currentThread());
            return waited.get();
        });
        // else nobody would be waiting beside who gives up
        while (waiter.get() == null || waiter.get().getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        giveUp(waited);
        giveUp(callback);
        giveUp(downstream);
        giveUp(gone);
        KEPT.addAll(List.of(chain, downstream, gone));
        System.in.read();
        MAY_END.countDown();
        System.out.println("poller " + polling.get() + " waiter " + waiting.get() + " callback " + callback.get() + " " + CALLED.get());
        System.out.println("gone " + outcome(gone) + " chain " + outcome(chain));
        System.in.read();
    }

    private static Future<Integer> submit(String name) {
        Order order = new Order(name, 0);
        Future<Integer> future = POOL.submit(() -> named(name, order));
        Engine.await(order.begun);
        return future;
    }

    private static CompletableFuture<Integer> supply(String name) {
        Order order = new Order(name, 0);
        CompletableFuture<Integer> future = CompletableFuture.supplyAsync(() -> named(name, order), POOL);
        Engine.await(order.begun);
        return future;
    }

    /** Watched, for its label. */
    static int named(String name, Order order) {
        return load(order);
    }

    private static void giveUp(Future<Integer> future) throws Exception {
        try {
            future.get(10, TimeUnit.MILLISECONDS);
            throw new AssertionError();
        } catch (TimeoutException expected) {
            // the load goes on
        }
    }

    /** Short limits, and long pauses between them. */
    private static String poll(Future<Integer> future) throws Exception {
        for (int times = 0;; times++) {
            try {
                return future.get(1, TimeUnit.MILLISECONDS) + (times > 1 ? " polled" : " at once");
            } catch (TimeoutException again) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private static String outcome(Future<Integer> future) throws InterruptedException {
        try {
            return "returned " + future.get();
        } catch (java.util.concurrent.ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }
}
