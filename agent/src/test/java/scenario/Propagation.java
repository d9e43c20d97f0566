package scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CountedCompleter;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Good loads whose work goes on in threads of others, by every way that the JDK has; each takes direct memory there in figures of its own. And work for
 * others that threads of loads do on the way, which is nobody's.
 */
public final class Propagation {
    /** Made before any load. */
    private static final Timer TIMER = new Timer("scenario-timer", true);
    private static final ExecutorService POOL = Executors.newFixedThreadPool(2, Propagation::daemon);
    private static final ScheduledExecutorService SCHEDULED = Executors.newScheduledThreadPool(1, Propagation::daemon);
    private static final ForkJoinPool FORK_JOIN = new ForkJoinPool(3);
    private static final ExecutorService STEALING = Executors.newWorkStealingPool(2);
    private static final Observed OBSERVED = new Observed();
    /** Runs what it gets in one thread that works for no load. */
    private static final SynchronousQueue<Runnable> OUTSIDE = new SynchronousQueue<>();
    /** Has captured nothing, so that it is one object for all who hand it over. */
    private static final Runnable SHARED = () -> Kept.direct(62_013);

    private Propagation() { }

    interface Work {
        void run() throws Exception;
    }

    /** Watched. */
    static void load(String name, Work work) throws Exception {
        work.run();
    }

    /** Watched, and returns before its work is done. */
    static CompletableFuture<?> async(String name, Callable<CompletableFuture<?>> work) throws Exception {
        return work.call();
    }

    public static void main(String[] args) throws Exception {
        daemon(Propagation::serveOutside).start();
        timers();
        schedules();
        rawTasks();
        invisible();
        rejected();
        forkJoin();
        stages();
        asyncStages();
        pairs();
        waiting();
        helping();
        System.out.println("waiting");
        System.in.read();
    }

    private static void timers() throws Exception {
        load("timer", () -> {
            CountDownLatch done = new CountDownLatch(1);
            TIMER.schedule(timed(() -> take(60_001, done)), 1);
            done.await();
        });
        load("timer-later", () -> TIMER.schedule(timed(() -> Kept.direct(60_002)), 100));
        // the first run is the load's, the others are the program's
        CountDownLatch runs = new CountDownLatch(3);
        TimerTask periodic = timed(() -> take(60_003, runs));
        load("timer-periodic", () -> TIMER.schedule(periodic, 1, 5));
        runs.await();
        check(periodic.cancel());
        TimerTask cancelled = timed(() -> Kept.direct(60_004));
        load("timer-cancelled", () -> TIMER.schedule(cancelled, 3_600_000));
        check(cancelled.cancel());
        load("timer-stopped", () -> {
            Timer timer = new Timer(true);
            timer.schedule(Kept.keep(timed(() -> Kept.direct(60_005))), 3_600_000);
            timer.cancel();
        });
        load("timer-twice", () -> {
            TimerTask task = Kept.keep(timed(() -> Kept.direct(60_006)));
            TIMER.schedule(task, 20);
            try {
                TIMER.schedule(task, 20);
                throw new AssertionError();
            } catch (IllegalStateException expected) {
                // it is scheduled already
            }
        });
        // of no load, on the thread that has worked for loads
        CountDownLatch done = new CountDownLatch(1);
        TIMER.schedule(timed(() -> take(99_001, done)), 1);
        done.await();
    }

    private static void schedules() throws Exception {
        load("schedule", () -> SCHEDULED.schedule(() -> Kept.direct(61_001), 20, TimeUnit.MILLISECONDS).get());
        load("schedule-runnable", () -> SCHEDULED.schedule(() -> {
            Kept.direct(61_002);
        }, 20, TimeUnit.MILLISECONDS).get());
        CountDownLatch rate = new CountDownLatch(3);
        ScheduledFuture<?>[] future = new ScheduledFuture<?>[1];
        load("schedule-rate", () -> future[0] = SCHEDULED.scheduleAtFixedRate(() -> take(61_003, rate), 1, 5, TimeUnit.MILLISECONDS));
        rate.await();
        future[0].cancel(false);
        CountDownLatch delay = new CountDownLatch(3);
        load("schedule-delay", () -> future[0] = SCHEDULED.scheduleWithFixedDelay(() -> take(61_004, delay), 1, 5, TimeUnit.MILLISECONDS));
        delay.await();
        future[0].cancel(false);
        load("schedule-execute", () -> {
            CountDownLatch done = new CountDownLatch(1);
            SCHEDULED.execute(() -> take(61_005, done));
            done.await();
        });
        // kept by the program, so that no garbage collection tells that it will never run
        load("schedule-cancelled", () -> check(Kept.keep(SCHEDULED.schedule(() -> Kept.direct(61_006), 1, TimeUnit.HOURS)).cancel(false)));
        load("invoke-all", () -> POOL.invokeAll(List.of(() -> Kept.direct(61_007), () -> Kept.direct(61_008))));
    }

    private static void rawTasks() throws Exception {
        load("execute", () -> {
            CountDownLatch done = new CountDownLatch(1);
            POOL.execute(() -> take(62_001, done));
            done.await();
        });
        load("execute-later", () -> {
            CountDownLatch left = new CountDownLatch(1);
            POOL.execute(() -> {
                awaitAll(left);
                Kept.direct(62_002);
            });
            left.countDown();
        });
        load("work-stealing", () -> STEALING.submit(() -> Kept.direct(62_003)).get());
        load("work-stealing-execute", () -> {
            CountDownLatch done = new CountDownLatch(1);
            STEALING.execute(() -> take(62_004, done));
            done.await();
        });
        load("task-of-before", new Work() {
            private final FutureTask<?> before = new FutureTask<>(() -> Kept.direct(99_002));

            @Override
            public void run() {
                // begun by a thread of the load, and made by nobody's
                before.run();
                Kept.direct(62_005);
            }
        });
    }

    /** A program sees its own objects wherever a pool shows them. */
    private static void invisible() throws Exception {
        load("observed", () -> {
            CountDownLatch done = new CountDownLatch(1);
            Runnable task = () -> take(62_006, done);
            OBSERVED.execute(task);
            done.await();
            OBSERVED.awaitSeen(task);
        });
        load("ordered", () -> {
            List<Integer> order = new ArrayList<>();
            CountDownLatch go = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(3);
            ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new PriorityBlockingQueue<>());
            pool.execute(() -> awaitAll(go));
            for (int rank : new int[] {3, 1, 2}) {
                pool.execute(new Ranked(rank, order, done));
            }
            go.countDown();
            done.await();
            pool.shutdown();
            check(order.equals(List.of(1, 2, 3)) && pool.awaitTermination(20, TimeUnit.SECONDS));
        });
        load("removed", () -> {
            CountDownLatch go = new CountDownLatch(2);
            CountDownLatch busy = new CountDownLatch(2);
            POOL.execute(() -> rendezvous(busy, go));
            POOL.execute(() -> rendezvous(busy, go));
            awaitAll(busy);
            Runnable removed = Kept.keep(() -> Kept.direct(62_010));
            POOL.execute(removed);
            check(((ThreadPoolExecutor) POOL).remove(removed) && !((ThreadPoolExecutor) POOL).remove(removed));
            go.countDown();
            go.countDown();
        });
        load("shut-down", () -> {
            CountDownLatch go = new CountDownLatch(1);
            CountDownLatch busy = new CountDownLatch(1);
            ExecutorService pool = Executors.newSingleThreadExecutor();
            pool.execute(() -> rendezvous(busy, go));
            awaitAll(busy);
            Runnable first = Kept.keep(() -> Kept.direct(62_011));
            FutureTask<?> second = Kept.keep(new FutureTask<>(() -> Kept.direct(62_012)));
            pool.execute(first);
            pool.execute(second);
            check(pool.shutdownNow().equals(List.of(first, second)));
            check(second.cancel(false));
            go.countDown();
            check(pool.awaitTermination(20, TimeUnit.SECONDS));
        });
        load("same-thrice", () -> {
            POOL.execute(SHARED);
            POOL.execute(SHARED);
            POOL.execute(SHARED);
        });
    }

    /** Handed over in vain; one object that the program never drops. */
    private static void rejected() throws Exception {
        Runnable never = Kept.keep(() -> Kept.direct(99_003));
        ThreadPoolExecutor full = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(1), Propagation::daemon);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        full.execute(() -> rendezvous(busy, go));
        awaitAll(busy);
        full.execute(() -> { });
        load("refused", () -> {
            try {
                full.execute(never);
                throw new AssertionError();
            } catch (RejectedExecutionException expected) {
                // there is no room
            }
        });
        full.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        load("discarded", () -> full.execute(never));
        full.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
        load("caller-runs", () -> full.execute(() -> Kept.direct(62_020)));
        full.setRejectedExecutionHandler((task, pool) -> put(pool, task));
        load("put-by-handler", () -> {
            full.getQueue().clear();
            full.execute(() -> { });
            new Thread(() -> {
                awaitAll(busy);
                go.countDown();
            }).start();
            full.execute(() -> Kept.direct(62_021));
        });
        full.shutdown();
    }

    private static void put(ThreadPoolExecutor pool, Runnable task) {
        try {
            pool.getQueue().put(task);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void forkJoin() throws Exception {
        load("fork-join-submit", () -> FORK_JOIN.submit(() -> Kept.direct(63_001)).get());
        load("fork-join-execute", () -> {
            CountDownLatch done = new CountDownLatch(1);
            FORK_JOIN.execute(() -> take(63_002, done));
            done.await();
        });
        load("fork-join-task", () -> {
            CyclicBarrier threads = new CyclicBarrier(2);
            FORK_JOIN.submit(new Both(new Leaf(63_003, threads), new Leaf(63_004, threads))).get();
        });
        load("fork-join-invoke", () -> {
            CyclicBarrier threads = new CyclicBarrier(2);
            FORK_JOIN.invoke(new Both(new Leaf(63_005, threads), new Leaf(63_006, threads)));
        });
        load("fork-join-execute-task", () -> {
            ForkJoinTask<?> task = new Leaf(63_007, new CyclicBarrier(1));
            FORK_JOIN.execute(task);
            task.join();
        });
        // in the thread of the load itself, and in whatever thread comes by
        load("common-pool", () -> new Both(new Leaf(63_008, new CyclicBarrier(1)), new Leaf(63_009, new CyclicBarrier(1))).invoke());
        load("parallel-stream", () -> IntStream.range(0, 64).parallel().forEach(i -> Kept.direct(64_000 + i)));
        load("parallel-stream-elsewhere", () -> FORK_JOIN.submit(() -> IntStream.range(0, 16).parallel().forEach(i -> Kept.direct(1_000 + i))).get());
        load("counted-completer", () -> new Pieces(null, 8).invoke());
        load("unforked", () -> {
            Leaf leaf = Kept.keep(new Leaf(63_010, new CyclicBarrier(1)));
            FORK_JOIN.submit(() -> {
                leaf.fork();
                if (leaf.tryUnfork()) {
                    leaf.compute();
                } else {
                    leaf.join();
                }
            }).get();
        });
        load("own-fork-join", () -> {
            ForkJoinPool pool = new ForkJoinPool(1);
            pool.submit(() -> Kept.direct(63_011)).get();
            pool.shutdown();
            check(pool.awaitTermination(20, TimeUnit.SECONDS));
        });
        FORK_JOIN.submit(() -> Kept.direct(99_004)).get();
    }

    /** Each kind of stage, run by a thread of nobody's. */
    private static void stages() throws Exception {
        load("stages", () -> {
            CompletableFuture<Integer> gate = new CompletableFuture<>();
            CompletableFuture<Integer> failing = new CompletableFuture<>();
            CompletableFuture<?> all = CompletableFuture.allOf(
                gate.thenApply(value -> Kept.direct(70_001)), gate.thenAccept(value -> Kept.direct(70_002)), gate.thenRun(() -> Kept.direct(70_003)),
                gate.whenComplete((value, failure) -> Kept.direct(70_004)), gate.handle((value, failure) -> Kept.direct(70_005)),
                gate.thenCompose(value -> CompletableFuture.completedFuture(Kept.direct(70_006))),
                failing.exceptionally(failure -> Kept.direct(70_007).limit()),
                failing.exceptionallyCompose(failure -> CompletableFuture.completedFuture(Kept.direct(70_008).limit())));
            outside(() -> {
                gate.complete(1);
                failing.completeExceptionally(new IllegalStateException());
            });
            all.join();
        });
        load("stages-passed-over", () -> {
            CompletableFuture<Integer> gate = new CompletableFuture<>();
            Kept.keep(gate.exceptionally(failure -> Kept.direct(99_005).limit()));
            gate.complete(1);
        });
        load("stages-now", () -> CompletableFuture.completedFuture(1).thenApply(value -> Kept.direct(70_020)).thenAcceptAsync(value -> Kept.direct(70_021), POOL).join());
        load("chain-left-behind", () -> {
            CountDownLatch left = new CountDownLatch(1);
            Kept.keep(CompletableFuture.supplyAsync(() -> {
                awaitAll(left);
                return Kept.direct(70_022);
            }, POOL).thenApply(value -> Kept.direct(70_023)).thenApplyAsync(value -> Kept.direct(70_024), POOL).thenCompose(
                value -> CompletableFuture.supplyAsync(() -> Kept.direct(70_025), POOL)).thenAccept(value -> Kept.direct(70_026)));
            left.countDown();
        });
    }

    private static void asyncStages() throws Exception {
        load("stages-async", () -> {
            CompletableFuture<Integer> gate = new CompletableFuture<>();
            CompletableFuture<Integer> failing = new CompletableFuture<>();
            CompletableFuture<?> all = CompletableFuture.allOf(
                gate.thenApplyAsync(value -> Kept.direct(71_001), POOL), gate.thenAcceptAsync(value -> Kept.direct(71_002), FORK_JOIN),
                gate.thenRunAsync(() -> Kept.direct(71_003)), gate.whenCompleteAsync((value, failure) -> Kept.direct(71_004), STEALING),
                gate.handleAsync((value, failure) -> Kept.direct(71_005), POOL),
                gate.thenComposeAsync(value -> CompletableFuture.supplyAsync(() -> Kept.direct(71_006), POOL), FORK_JOIN),
                failing.exceptionallyAsync(failure -> Kept.direct(71_007).limit(), POOL),
                failing.exceptionallyComposeAsync(failure -> CompletableFuture.completedFuture(Kept.direct(71_008).limit())));
            outside(() -> {
                gate.complete(1);
                failing.completeExceptionally(new IllegalStateException());
            });
            all.join();
        });
        Executor perTask = work -> daemon(work).start();
        load("delayed", () -> CompletableFuture.supplyAsync(() -> Kept.direct(71_020), CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS, POOL)).join());
        load("own-executor", () -> CompletableFuture.runAsync(() -> Kept.direct(71_021), perTask).join());
        load("any-of", () -> CompletableFuture.anyOf(CompletableFuture.supplyAsync(() -> Kept.direct(71_022), POOL), new CompletableFuture<>())
            .thenRun(() -> Kept.direct(71_023)).join());
        load("or-timeout", () -> CompletableFuture.supplyAsync(() -> Kept.direct(71_024), POOL).orTimeout(1, TimeUnit.HOURS).join());
        load("complete-on-timeout", () -> check(new CompletableFuture<Integer>().completeOnTimeout(5, 20, TimeUnit.MILLISECONDS)
            .thenApply(value -> Kept.direct(71_020 + value)).join() != null));
    }

    private static void pairs() throws Exception {
        load("pairs", () -> {
            CompletableFuture<Integer> a = new CompletableFuture<>();
            CompletableFuture<Integer> b = new CompletableFuture<>();
            CompletableFuture<?> all = CompletableFuture.allOf(
                a.thenCombine(b, (x, y) -> Kept.direct(72_001)), a.thenAcceptBoth(b, (x, y) -> Kept.direct(72_002)), a.runAfterBoth(b, () -> Kept.direct(72_003)),
                a.applyToEither(b, x -> Kept.direct(72_004)), a.acceptEither(b, x -> Kept.direct(72_005)), a.runAfterEither(b, () -> Kept.direct(72_006)),
                a.thenCombineAsync(b, (x, y) -> Kept.direct(72_007), POOL), a.applyToEitherAsync(b, x -> Kept.direct(72_008), POOL));
            outside(() -> {
                a.complete(1);
                b.complete(2);
            });
            all.join();
        });
    }

    /** What waits for others, in vain or for long. */
    private static void waiting() throws Exception {
        CompletableFuture<Integer> never = Kept.keep(new CompletableFuture<>());
        load("listener", () -> Kept.keep(never.thenAccept(value -> Kept.direct(99_006))));
        CompletableFuture<Integer> later = new CompletableFuture<>();
        CompletableFuture<?> result = async("returned-future", () -> later.thenApply(value -> Kept.direct(73_001)));
        outside(() -> later.complete(1));
        result.join();
    }

    /** What threads of loads do for others on the way. */
    private static void helping() throws Exception {
        CompletableFuture<Integer> gate = new CompletableFuture<>();
        CompletableFuture<?> ofNobody = gate.thenApply(value -> Kept.direct(99_007));
        load("completes-for-others", () -> {
            gate.complete(1);
            Kept.direct(74_001);
        });
        ofNobody.join();
        ForkJoinPool single = new ForkJoinPool(1);
        CountDownLatch waiting = new CountDownLatch(1);
        ForkJoinTask<?> working = single.submit(() -> {
            awaitAll(waiting);
            loadUnchecked("helps-others", () -> {
                ForkJoinTask.helpQuiesce();
                Kept.direct(74_002);
            });
        });
        ForkJoinTask<?> foreign = single.submit(() -> Kept.direct(99_008));
        waiting.countDown();
        working.get();
        foreign.get();
        single.shutdown();
    }

    private static void loadUnchecked(String name, Work work) {
        try {
            load(name, work);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static final class Leaf extends RecursiveAction {
        private static final long serialVersionUID = 1;
        private final int bytes;
        private final transient CyclicBarrier threads;

        Leaf(int bytes, CyclicBarrier threads) {
            this.bytes = bytes;
            this.threads = threads;
        }

        @Override
        protected void compute() {
            try {
                // so that each of them has a thread of its own
                threads.await(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            Kept.direct(bytes);
        }
    }

    private static final class Both extends RecursiveAction {
        private static final long serialVersionUID = 1;
        private final Leaf left;
        private final Leaf right;

        Both(Leaf left, Leaf right) {
            this.left = left;
            this.right = right;
        }

        @Override
        protected void compute() {
            invokeAll(left, right);
        }
    }

    private static final class Pieces extends CountedCompleter<Void> {
        private static final long serialVersionUID = 1;
        private final int count;

        Pieces(CountedCompleter<?> above, int count) {
            super(above);
            this.count = count;
        }

        @Override
        public void compute() {
            if (count > 1) {
                setPendingCount(2);
                new Pieces(this, count / 2).fork();
                new Pieces(this, count / 2).fork();
            } else {
                Kept.direct(7_001);
            }
            tryComplete();
        }
    }

    /** Notes what it is shown before and after. */
    private static final class Observed extends ThreadPoolExecutor {
        private final Set<Runnable> before = ConcurrentHashMap.newKeySet();
        private final Set<Runnable> after = ConcurrentHashMap.newKeySet();

        Observed() {
            super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), Propagation::daemon);
        }

        @Override
        protected void beforeExecute(Thread thread, Runnable task) {
            before.add(task);
            // the pool's own
            Kept.direct(99_009);
        }

        @Override
        protected void afterExecute(Runnable task, Throwable failure) {
            Kept.direct(99_010);
            after.add(task);
        }

        void awaitSeen(Runnable task) {
            while (!after.contains(task)) {
                Thread.onSpinWait();
            }
            check(before.contains(task));
        }
    }

    private static final class Ranked implements Runnable, Comparable<Ranked> {
        private final int rank;
        private final List<Integer> order;
        private final CountDownLatch done;

        Ranked(int rank, List<Integer> order, CountDownLatch done) {
            this.rank = rank;
            this.order = order;
            this.done = done;
        }

        @Override
        public void run() {
            order.add(rank);
            take(62_006 + rank, done);
        }

        @Override
        public int compareTo(Ranked other) {
            return Integer.compare(rank, other.rank);
        }
    }

    private static TimerTask timed(Runnable work) {
        return new TimerTask() {
            @Override
            public void run() {
                work.run();
            }
        };
    }

    private static void take(int bytes, CountDownLatch done) {
        Kept.direct(bytes);
        done.countDown();
    }

    private static void rendezvous(CountDownLatch here, CountDownLatch go) {
        here.countDown();
        awaitAll(go);
    }

    private static void awaitAll(CountDownLatch latch) {
        Engine.await(latch);
    }

    /** Returns when it was run. */
    private static void outside(Runnable work) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        OUTSIDE.put(() -> {
            work.run();
            done.countDown();
        });
        done.await();
    }

    private static void serveOutside() {
        try {
            while (true) {
                OUTSIDE.take().run();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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
