package scenario.chaos;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Orders one load after the other and treats each as its plan says. One thread. */
final class Caller {
    private static final AtomicLong IDS = new AtomicLong();
    private static final int LONG_SECONDS = 120;
    /** A service loads segments a few times a second and not as fast as it can. */
    private static final int MOST_PAUSE_NANOS = 600_000_000;

    private final Engine engine;
    private final Store store;
    private final Accounts accounts;
    private final ExecutorService[] pools;
    private final boolean dirty;
    private final long seed;
    private final Random random;

    /** @param dirty whether failures are rolled back */
    Caller(Engine engine, Store store, Accounts accounts, ExecutorService[] pools, boolean dirty, long seed) {
        this.engine = engine;
        this.store = store;
        this.accounts = accounts;
        this.pools = pools;
        this.dirty = dirty;
        this.seed = seed;
        this.random = new Random(seed);
    }

    void call() throws Exception {
        LockSupport.parkNanos(random.nextInt(MOST_PAUSE_NANOS));
        Order order = new Order(IDS.incrementAndGet(), plan(), seed);
        switch (order.plan) {
            case USED -> use(order, submit(order));
            case POLLED -> poll(order, submit(order));
            case ABANDONED -> giveUp(order, submit(mayBeStopped(order)));
            case RETRIED -> {
                if (giveUp(order, submit(mayBeStopped(order)))) {
                    accounts.retried(order);
                    Order again = new Order(IDS.incrementAndGet(), order, seed);
                    use(again, submit(again));
                }
            }
            case CANCELLED, CANCELLED_BY_INTERRUPT -> cancel(order, submit(mayBeStopped(order)));
            case PUBLISHED -> leave(submit(mayBeStopped(order)));
            case TIMED_OUT, PARTLY_PUBLISHED -> fail(order, submit(order), TimeoutException.class);
            case FAILED, FAILED_DIRTY -> fail(order, submit(order), IOException.class);
        }
    }

    private Order.Plan plan() {
        while (true) {
            int total = 0;
            for (Order.Plan plan : Order.Plan.values()) {
                total += plan.weight;
            }
            int at = random.nextInt(total);
            for (Order.Plan plan : Order.Plan.values()) {
                at -= plan.weight;
                if (at < 0 && (dirty || plan != Order.Plan.FAILED_DIRTY)) {
                    return plan;
                } else if (at < 0) {
                    break;
                }
            }
        }
    }

    private static Order mayBeStopped(Order order) {
        order.mayBeStopped = true;
        return order;
    }

    // ---- how it is run

    private Future<Segment> submit(Order order) {
        accounts.began(order);
        switch (random.nextInt(4)) {
            case 0 -> {
                // the result goes through stages of which the last one is waited for
                return CompletableFuture.supplyAsync(() -> unchecked(order), pool()).thenApply(segment -> segment);
            }
            case 1 -> {
                FutureTask<Segment> task = new FutureTask<>(() -> run(order));
                Thread thread = new Thread(task, "chaos-loader");
                thread.setDaemon(true);
                thread.start();
                return task;
            }
            default -> {
                return pool().submit(() -> run(order));
            }
        }
    }

    private ExecutorService pool() {
        return pools[random.nextInt(pools.length)];
    }

    private Segment unchecked(Order order) {
        try {
            return run(order);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /** The task around the load. */
    private Segment run(Order order) throws Exception {
        Sound.check(!Thread.interrupted() || order.plan == Order.Plan.CANCELLED_BY_INTERRUPT, "an interrupt of before is left");
        try {
            Segment segment = engine.load(order.label, order);
            if (order.plan == Order.Plan.PUBLISHED && !order.wanted) {
                LockSupport.parkNanos(order.random.nextInt(20_000_000));
                store.publish(segment, order.random);
            }
            order.weak = new WeakReference<>(segment);
            return segment;
        } finally {
            order.done = true;
            if (order.plan == Order.Plan.PUBLISHED) {
                accounts.ended(order, order.wanted ? "kept" : "undone");
            }
        }
    }

    // ---- how it is waited for

    private void use(Order order, Future<Segment> future) throws Exception {
        store.publish(future.get(LONG_SECONDS, TimeUnit.SECONDS), random);
        accounts.ended(order, "kept");
    }

    private void poll(Order order, Future<Segment> future) throws Exception {
        for (int i = 0; i < LONG_SECONDS * 200; i++) {
            try {
                store.publish(future.get(5, TimeUnit.MILLISECONDS), random);
                accounts.ended(order, "kept");
                return;
            } catch (TimeoutException notYet) {
                // it asks again
            }
        }
        throw new AssertionError("waited too long for " + order);
    }

    /** Gives up soon, unless it is served before. */
    private boolean giveUp(Order order, Future<Segment> future) throws Exception {
        try {
            use(order, future, random.nextInt(12));
            return false;
        } catch (TimeoutException e) {
            accounts.ended(order, "undone");
            store.cache(order, random);
            return true;
        } catch (ExecutionException e) {
            stoppedOrWrong(order, e);
            return true;
        }
    }

    private void use(Order order, Future<Segment> future, long millis) throws Exception {
        store.publish(future.get(millis, TimeUnit.MILLISECONDS), random);
        accounts.ended(order, "kept");
    }

    private void cancel(Order order, Future<Segment> future) throws Exception {
        LockSupport.parkNanos(random.nextInt(12_000_000));
        if (future.cancel(order.plan == Order.Plan.CANCELLED_BY_INTERRUPT)) {
            accounts.ended(order, "undone");
            store.cache(order, random);
            return;
        }
        try {
            use(order, future, LONG_SECONDS * 1_000);
        } catch (CancellationException e) {
            Sound.wrong(new AssertionError("cancelled and not cancelled: " + order, e));
        } catch (ExecutionException e) {
            stoppedOrWrong(order, e);
        }
    }

    /** Its caller goes, its result stays. */
    private void leave(Future<Segment> future) throws Exception {
        try {
            future.get(random.nextInt(12), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // whether it comes to publish depends on whether it is stopped before
        }
    }

    private void fail(Order order, Future<Segment> future, Class<? extends Exception> how) throws Exception {
        try {
            future.get(LONG_SECONDS, TimeUnit.SECONDS);
            Sound.wrong(new AssertionError("was to fail: " + order));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException ? e.getCause().getCause() : e.getCause();
            if (!how.isInstance(cause)) {
                stoppedOrWrong(order, e);
            }
            accounts.ended(order, order.plan == Order.Plan.FAILED ? "failed" : "undone");
        }
    }

    private void stoppedOrWrong(Order order, ExecutionException e) {
        if (order.mayBeStopped && (Sound.stopsLoads(e) || e.getCause() instanceof InterruptedException)) {
            accounts.ended(order, "undone");
        } else {
            Sound.wrong(new AssertionError("failed: " + order, e));
        }
    }
}
