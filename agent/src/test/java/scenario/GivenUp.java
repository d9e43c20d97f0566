package scenario;

import scenario.Engine.Order;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Callers that go away from a load that still runs, and callers that only seem to. A load ends when its order lets it, so every timeout in here is
 * certain, however slow the machine is. Each case is a method of its own: what its frame holds is gone when it returns.
 */
public final class GivenUp {
    private static ExecutorService pool;
    private static final List<Order> ORDERS = new ArrayList<>();
    private static final List<Object> KEPT_FUTURES = new ArrayList<>();

    private GivenUp() { }

    /** @param args {@code virtual} for a virtual thread for each load, instead of a pool */
    public static void main(String[] args) throws Exception {
        boolean virtual = args.length > 0;
        pool = virtual ? (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null) : Executors.newCachedThreadPool(GivenUp::daemon);
        // proven: the caller's timed get has failed, and its future is gone
        taskAbandoned(order("task-get", 40_001));
        asyncAbandoned(order("async-get", 40_002));
        allOfAbandoned(order("all-of-1", 40_003), order("all-of-2", 40_004));
        chainAbandoned(order("chain", 40_005));
        queuedAbandoned(order("queued", 40_006));
        queuedChainAbandoned(order("queued-chain", 40_007));
        getNowAbandoned(order("get-now", 40_008));
        sequelAbandoned(order("first-of-task", 40_009), order("second-of-task", 40_010));
        allOfPartlyQueued(order("all-of-begun", 40_011), order("all-of-queued", 40_012));
        // others may wait beside the limited future, or the cancelled one
        chainCancelledSlowly(order("cancel-slowly-chain", 40_013));
        orTimeoutDownstream(order("or-timeout-chain", 41_005));

        // certain
        cancelled(order("cancel-true", 41_001), true);
        cancelled(order("cancel-false", 41_002), false);
        asyncCancelled(order("async-cancel", 41_003));
        cancelledSlowly(order("cancel-slowly", 41_008));
        orTimeout(order("or-timeout", 41_004));
        invokeAll(order("invoke-all", 41_006));
        if (!virtual) {
            // there the tasks of invokeAny are no futures, and nobody is told that their results are too late
            invokeAny(order("invoke-any", 41_007));
        }

        // wanted
        polling(order("polling-task", 42_001), false);
        polling(order("polling-async", 42_002), true);
        pollingQueued(order("polling-queued", 42_003));
        readLater(order("read-later", 42_004));
        keptUnread(order("kept-unread", 42_005));
        pollingChain(order("polling-chain", 42_006));

        System.out.println("waiting");
        System.in.read();
        for (Order order : ORDERS) {
            System.out.println(order.name + " closed " + order.closes.get());
        }
    }

    private static Order order(String name, int bytes) {
        Order order = new Order(name, bytes);
        ORDERS.add(order);
        return order;
    }

    private static Callable<Segment> load(Order order) {
        return () -> Engine.load(order.name, order);
    }

    private static CompletableFuture<Segment> async(Order order) {
        return CompletableFuture.supplyAsync(() -> Engine.load(order.name, order), pool);
    }

    private static void timesOut(Future<?> future) throws Exception {
        try {
            future.get(20, TimeUnit.MILLISECONDS);
            throw new AssertionError();
        } catch (TimeoutException expected) {
            // the load was not let to end
        }
    }

    /** The body has returned; its task is about to. */
    private static void letEnd(Order order) {
        order.open();
        Engine.await(order.ended);
    }

    private static void taskAbandoned(Order order) throws Exception {
        timesOut(pool.submit(load(order)));
        letEnd(order);
    }

    private static void asyncAbandoned(Order order) throws Exception {
        timesOut(async(order));
        letEnd(order);
    }

    private static void allOfAbandoned(Order first, Order second) throws Exception {
        timesOut(CompletableFuture.allOf(async(first), async(second)));
        letEnd(first);
        letEnd(second);
    }

    private static void chainAbandoned(Order order) throws Exception {
        timesOut(async(order).thenApply(segment -> segment).thenApply(segment -> segment));
        letEnd(order);
    }

    /** The only thread of the pool is busy, so the task has not begun when its caller goes. */
    private static void queuedAbandoned(Order order) throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor(GivenUp::daemon);
        CountDownLatch busy = new CountDownLatch(1);
        single.execute(() -> Engine.await(busy));
        timesOut(single.submit(load(order)));
        busy.countDown();
        letEnd(order);
        single.shutdown();
    }

    private static void queuedChainAbandoned(Order order) throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor(GivenUp::daemon);
        CountDownLatch busy = new CountDownLatch(1);
        single.execute(() -> Engine.await(busy));
        timesOut(CompletableFuture.supplyAsync(() -> Engine.load(order.name, order), single).thenApply(segment -> segment));
        busy.countDown();
        letEnd(order);
        single.shutdown();
    }

    /** The caller goes while the first load of its task runs; the second one begins when it has gone. */
    private static void sequelAbandoned(Order first, Order second) throws Exception {
        Future<Segment> future = pool.submit(() -> {
            Engine.load(first.name, first);
            return Engine.load(second.name, second);
        });
        Engine.await(first.begun);
        timesOut(future);
        letEnd(first);
        letEnd(second);
    }

    private static void allOfPartlyQueued(Order begun, Order queued) throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor(GivenUp::daemon);
        CountDownLatch busy = new CountDownLatch(1);
        single.execute(() -> Engine.await(busy));
        CompletableFuture<Segment> running = async(begun);
        Engine.await(begun.begun);
        timesOut(CompletableFuture.allOf(running, CompletableFuture.supplyAsync(() -> Engine.load(queued.name, queued), single)));
        busy.countDown();
        letEnd(begun);
        letEnd(queued);
        single.shutdown();
    }

    /** Looks once more whether it has come, sees that it has not, and goes. */
    private static void getNowAbandoned(Order order) throws Exception {
        CompletableFuture<Segment> future = async(order);
        timesOut(future);
        check(future.getNow(null) == null);
        letEnd(order);
    }

    private static void cancelled(Order order, boolean interrupt) {
        Future<Segment> future = pool.submit(load(order));
        Engine.await(order.begun);
        check(future.cancel(interrupt));
        letEnd(order);
    }

    /** The load has long ended when its canceller can tell: it is in a callback of the program's. */
    private static void cancelledSlowly(Order order) {
        FutureTask<Segment> task = new FutureTask<>(load(order)) {
            @Override
            protected void done() {
                waitOn(order);
            }
        };
        pool.execute(task);
        Engine.await(order.begun);
        pool.execute(() -> task.cancel(false));
        while (!task.isCancelled()) {
            Thread.onSpinWait();
        }
        letEnd(order);
    }

    private static void chainCancelledSlowly(Order order) {
        CompletableFuture<Segment> last = async(order).thenApply(segment -> segment);
        last.whenComplete((segment, end) -> waitOn(order));
        Engine.await(order.begun);
        pool.execute(() -> last.cancel(false));
        while (!last.isCancelled()) {
            Thread.onSpinWait();
        }
        letEnd(order);
    }

    private static void waitOn(Order order) {
        Engine.await(order.ended);
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            // the load was told to end
        }
    }

    private static void asyncCancelled(Order order) {
        CompletableFuture<Segment> future = async(order);
        Engine.await(order.begun);
        check(future.cancel(true));
        letEnd(order);
    }

    private static void orTimeout(Order order) {
        CompletableFuture<Segment> future = async(order);
        Engine.await(order.begun);
        fails(future.orTimeout(20, TimeUnit.MILLISECONDS));
        letEnd(order);
    }

    private static void orTimeoutDownstream(Order order) {
        CompletableFuture<Segment> future = async(order);
        Engine.await(order.begun);
        fails(future.thenApply(segment -> segment).orTimeout(20, TimeUnit.MILLISECONDS));
        letEnd(order);
    }

    private static void fails(CompletableFuture<?> future) {
        try {
            future.join();
            throw new AssertionError();
        } catch (CompletionException e) {
            check(e.getCause() instanceof TimeoutException);
        }
    }

    private static void invokeAll(Order order) throws Exception {
        List<Future<Segment>> futures = pool.invokeAll(List.of(load(order)), 500, TimeUnit.MILLISECONDS);
        Engine.await(order.begun);
        check(futures.get(0).isCancelled());
        letEnd(order);
    }

    private static void invokeAny(Order order) throws Exception {
        try {
            pool.invokeAny(List.of(load(order)), 500, TimeUnit.MILLISECONDS);
            throw new AssertionError();
        } catch (TimeoutException expected) {
            // the load was not let to end
        }
        Engine.await(order.begun);
        letEnd(order);
    }

    private static void polling(Order order, boolean async) throws Exception {
        pollUntilGot(order, async ? async(order) : pool.submit(load(order)));
    }

    private static void pollingQueued(Order order) throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor(GivenUp::daemon);
        CountDownLatch busy = new CountDownLatch(1);
        single.execute(() -> Engine.await(busy));
        Future<Segment> future = single.submit(load(order));
        timesOut(future);
        busy.countDown();
        pollUntilGot(order, future);
        single.shutdown();
    }

    private static void pollingChain(Order order) throws Exception {
        pollUntilGot(order, async(order).thenApply(segment -> segment));
    }

    private static void pollUntilGot(Order order, Future<Segment> future) throws Exception {
        for (int i = 0; i < 5; i++) {
            timesOut(future);
            System.gc();
        }
        letEnd(order);
        Segment got = null;
        while (got == null) {
            try {
                got = future.get(50, TimeUnit.MILLISECONDS);
            } catch (TimeoutException again) {
                System.gc();
            }
        }
        check(order.closes.get() == 0 && got.memory.limit() == order.bytes);
        Kept.keep(got);
    }

    /** Goes away for longer than Ebb takes to collect, and comes back. */
    private static void readLater(Order order) throws Exception {
        Future<Segment> future = pool.submit(load(order));
        timesOut(future);
        letEnd(order);
        while (!future.isDone()) {
            Thread.onSpinWait();
        }
        System.gc();
        System.gc();
        Segment got = future.get();
        check(order.closes.get() == 0 && got.memory.limit() == order.bytes);
        Kept.keep(got);
    }

    /** Nobody has read it so far, but somebody may: it is neither closed nor given up. */
    private static void keptUnread(Order order) throws Exception {
        Future<Segment> future = pool.submit(load(order));
        KEPT_FUTURES.add(future);
        timesOut(future);
        letEnd(order);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }

    private static void check(boolean truth) {
        if (!truth) {
            throw new AssertionError();
        }
    }
}
