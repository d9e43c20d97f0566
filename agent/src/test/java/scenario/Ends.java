package scenario;

import scenario.Engine.Order;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ways for a load to end that {@link GivenUp} does not have. As there, a load ends when its order lets it, and each case is a method of its own. */
public final class Ends {
    private static final ExecutorService POOL = Executors.newCachedThreadPool(Ends::daemon);
    private static final ForkJoinPool FORK_JOIN = new ForkJoinPool(4);
    private static final ScheduledExecutorService SCHEDULED = Executors.newScheduledThreadPool(2, Ends::daemon);
    private static final List<Order> ORDERS = new ArrayList<>();

    private Ends() { }

    /** Watched, with a deadline. */
    static Segment limited(String name, Order order) {
        return Engine.load(name, order);
    }

    /** Watched: what is begun in it belongs to it. */
    static void outer(String name, Work work) throws Exception {
        work.run();
    }

    interface Work {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        // proven
        forkJoinSubmit(order("fork-join", 51_001));
        forkJoinTask(order("fork-join-task", 51_002));
        anyOf(order("any-of-1", 51_003), order("any-of-2", 51_004));
        scheduled(order("scheduled", 51_005));
        handled(order("handled", 51_006));
        asyncChain(order("async-chain", 51_007));
        inStage(order("in-stage", 51_008), null);
        inStage(order("in-async-stage", 51_009), POOL);
        inCompose(order("in-compose", 51_010));
        // certain
        composed(order("composed", 52_001));
        completeOnTimeout(order("complete-on-timeout", 52_002));
        completedByOthers(order("completed-by-others", 52_003));
        // wanted
        latch(order("latch", 53_001));
        joined(order("joined", 53_002));
        field(order("field", 53_007));
        thenRead(order("chain-read", 53_003));
        siblings(order("sibling-1", 53_004), order("sibling-2", 53_005));
        retried(order("retried", 54_001), new Order("retried", 54_002));
        beside(order("beside-given-up", 54_003), order("beside-wanted", 54_004));
        inside(order("inside", 54_005));
        joinedWithDeadline(order("deadline", 55_001));
        neverReturns(order("never-returns", 56_001));

        System.out.println("waiting");
        System.in.read();
        DEADLINE_SEEN.countDown();
        // a thread of the JDK's may hold a future that has timed out until it has something else to do, on a busy machine for longer than Ebb asks for collections
        SCHEDULED.scheduleWithFixedDelay(System::gc, 1, 1, TimeUnit.SECONDS);
        ForkJoinPool.commonPool().submit(() -> { }).join();
        System.in.read();
        for (Order order : ORDERS) {
            System.out.println(order.name + " closed " + order.closes.get());
        }
        // there is a load that never returns
        System.exit(0);
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
        return CompletableFuture.supplyAsync(() -> Engine.load(order.name, order), POOL);
    }

    private static void timesOut(Future<?> future) throws Exception {
        try {
            future.get(20, TimeUnit.MILLISECONDS);
            throw new AssertionError();
        } catch (TimeoutException expected) {
            // the load was not let to end
        }
    }

    private static void letEnd(Order order) {
        order.open();
        Engine.await(order.ended);
    }

    private static void forkJoinSubmit(Order order) throws Exception {
        ForkJoinTask<Segment> task = FORK_JOIN.submit(load(order));
        Engine.await(order.begun);
        timesOut(task);
        letEnd(order);
    }

    private static final class Loading extends RecursiveTask<Segment> {
        private static final long serialVersionUID = 1;
        private final transient Order order;

        Loading(Order order) {
            this.order = order;
        }

        @Override
        protected Segment compute() {
            return Engine.load(order.name, order);
        }
    }

    private static void forkJoinTask(Order order) throws Exception {
        ForkJoinTask<Segment> task = FORK_JOIN.submit(new Loading(order));
        Engine.await(order.begun);
        timesOut(task);
        letEnd(order);
    }

    private static void anyOf(Order first, Order second) throws Exception {
        CompletableFuture<Object> any = CompletableFuture.anyOf(async(first), async(second));
        // a load that began only after the other had ended would have nothing to do with what was given up: the JDK has cut it off by then
        Engine.await(first.begun);
        Engine.await(second.begun);
        timesOut(any);
        letEnd(first);
        letEnd(second);
    }

    private static void scheduled(Order order) throws Exception {
        timesOut(SCHEDULED.schedule(load(order), 1, TimeUnit.MILLISECONDS));
        letEnd(order);
    }

    private static void handled(Order order) throws Exception {
        timesOut(async(order).handle((segment, failure) -> segment).whenComplete((segment, failure) -> { }));
        letEnd(order);
    }

    private static void asyncChain(Order order) throws Exception {
        timesOut(async(order).thenApplyAsync(segment -> segment, POOL).thenCombine(CompletableFuture.completedFuture(1), (segment, one) -> segment));
        letEnd(order);
    }

    /** It is a function of a stage that loads, and the future of that stage that is waited for. */
    private static void inStage(Order order, ExecutorService pool) throws Exception {
        CompletableFuture<String> name = CompletableFuture.supplyAsync(() -> {
            Engine.await(order.mayBegin);
            return order.name;
        }, POOL);
        CompletableFuture<Segment> future = pool == null ? name.thenApply(label -> Engine.load(label, order)) : name.thenApplyAsync(label -> Engine.load(label, order), pool);
        order.mayBegin.countDown();
        Engine.await(order.begun);
        timesOut(future);
        letEnd(order);
    }

    private static void inCompose(Order order) throws Exception {
        CompletableFuture<Segment> future = CompletableFuture.supplyAsync(() -> {
            Engine.await(order.mayBegin);
            return order.name;
        }, POOL).thenCompose(label -> CompletableFuture.completedFuture(Engine.load(label, order)));
        order.mayBegin.countDown();
        Engine.await(order.begun);
        timesOut(future);
        letEnd(order);
    }

    private static void composed(Order order) {
        CompletableFuture<Segment> future = CompletableFuture.supplyAsync(() -> 1, POOL).thenCompose(one -> async(order));
        Engine.await(order.begun);
        try {
            future.orTimeout(20, TimeUnit.MILLISECONDS).join();
            throw new AssertionError();
        } catch (CompletionException e) {
            check(e.getCause() instanceof TimeoutException);
        }
        letEnd(order);
    }

    /** Somebody else's value comes in its place. */
    private static void completeOnTimeout(Order order) {
        CompletableFuture<Segment> future = async(order);
        Engine.await(order.begun);
        check(future.completeOnTimeout(null, 20, TimeUnit.MILLISECONDS).join() == null);
        letEnd(order);
    }

    private static void completedByOthers(Order order) {
        CompletableFuture<Segment> future = async(order);
        Engine.await(order.begun);
        check(future.complete(null));
        letEnd(order);
    }

    /** Waits for something that Ebb knows nothing of, gives up, and takes it later all the same. */
    private static void latch(Order order) throws Exception {
        Segment[] got = new Segment[1];
        CountDownLatch done = new CountDownLatch(1);
        POOL.execute(() -> {
            got[0] = Engine.load(order.name, order);
            done.countDown();
        });
        check(!done.await(20, TimeUnit.MILLISECONDS));
        System.gc();
        order.open();
        done.await();
        check(order.closes.get() == 0 && got[0].memory.limit() == order.bytes);
        Kept.keep(got[0]);
    }

    private static void joined(Order order) throws Exception {
        Segment[] got = new Segment[1];
        Thread thread = daemon(() -> got[0] = Engine.load(order.name, order));
        thread.start();
        thread.join(20);
        check(thread.isAlive());
        System.gc();
        order.open();
        thread.join();
        check(order.closes.get() == 0);
        Kept.keep(got[0]);
    }

    /** Looks at a field again and again, gives up, and finds it there later all the same. */
    private static void field(Order order) throws Exception {
        POOL.execute(() -> fromField = Engine.load(order.name, order));
        Engine.await(order.begun);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
        while (fromField == null && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        check(fromField == null);
        System.gc();
        order.open();
        while (fromField == null) {
            Thread.onSpinWait();
        }
        System.gc();
        check(order.closes.get() == 0 && fromField.memory.limit() == order.bytes);
    }

    private static volatile Segment fromField;

    /** One of two waits in vain, the other one reads. */
    private static void thenRead(Order order) throws Exception {
        CompletableFuture<Segment> future = async(order);
        timesOut(future.thenApply(segment -> segment));
        letEnd(order);
        System.gc();
        Segment got = future.get();
        check(order.closes.get() == 0 && got.memory.limit() == order.bytes);
        Kept.keep(got);
    }

    private static void siblings(Order first, Order second) throws Exception {
        first.open();
        second.open();
        List<Callable<Segment>> loads = List.of(load(first), () -> Kept.keep(failing("sibling-fails")), load(second));
        List<Future<Segment>> futures = POOL.invokeAll(loads);
        Kept.keep(futures.get(0).get());
        Kept.keep(futures.get(2).get());
        try {
            futures.get(1).get();
            throw new AssertionError();
        } catch (ExecutionException e) {
            check(e.getCause() instanceof IllegalStateException);
        }
    }

    private static Segment failing(String name) throws Exception {
        try {
            return Engine.fail(name, 53_006, new IllegalStateException("broken"));
        } catch (Exception e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** The second begins, and is used, while the first still runs. */
    private static void retried(Order first, Order second) throws Exception {
        giveUp(first);
        Future<Segment> future = POOL.submit(load(second.open()));
        Kept.keep(future.get());
        letEnd(first);
        check(second.closes.get() == 0);
    }

    /** A task with two loads beside it, each with a future of its own: one is given up, the other one is wanted. */
    private static void beside(Order givenUp, Order wanted) throws Exception {
        Future<Segment> future = POOL.submit(load(wanted));
        Engine.await(wanted.begun);
        giveUp(givenUp);
        letEnd(givenUp);
        wanted.open();
        Kept.keep(future.get());
        check(wanted.closes.get() == 0);
    }

    private static void giveUp(Order order) throws Exception {
        Future<Segment> future = POOL.submit(load(order));
        Engine.await(order.begun);
        timesOut(future);
    }

    /** A load that begins one in another thread and gives up on it. */
    private static void inside(Order order) {
        try {
            outer("outside", () -> {
                Kept.direct(54_006);
                giveUpThere(order);
            });
            throw new AssertionError();
        } catch (Exception expected) {
            check(expected instanceof TimeoutException);
        }
        letEnd(order);
    }

    private static void giveUpThere(Order order) throws Exception {
        Future<Segment> future = POOL.submit(load(order));
        Engine.await(order.begun);
        future.get(20, TimeUnit.MILLISECONDS);
    }

    /** Nobody tells that the caller has gone, but the load has a limit. */
    private static void joinedWithDeadline(Order order) throws Exception {
        Thread thread = daemon(() -> limited(order.name, order));
        thread.start();
        thread.join(100);
        check(thread.isAlive());
        Thread ender = daemon(() -> {
            // long after the limit
            Engine.await(DEADLINE_SEEN);
            order.open();
        });
        ender.start();
    }

    private static final CountDownLatch DEADLINE_SEEN = new CountDownLatch(1);

    private static void neverReturns(Order order) throws Exception {
        giveUp(order);
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
