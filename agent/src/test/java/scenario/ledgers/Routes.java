package scenario.ledgers;

import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** The ways into other threads that every JDK has. All pools were made before any load, unless a name says that it is made inside. */
final class Routes {
    private final ThreadFactory daemons = Threads::daemon;
    private final ExecutorService fixed = Executors.newFixedThreadPool(2, daemons);
    private final ExecutorService cached = Executors.newCachedThreadPool(daemons);
    private final ScheduledExecutorService scheduled = Executors.newScheduledThreadPool(1, daemons);
    private final ExecutorService stealing = Executors.newWorkStealingPool(2);
    private final ExecutorService single = Executors.newSingleThreadExecutor(daemons);
    private final ForkJoinPool forkJoin = new ForkJoinPool(2);
    private final ForkJoinPool oneWorker = new ForkJoinPool(1);
    private final Timer timer = new Timer("scenario-timer", true);

    private final boolean settles;
    /** A thread in which another load is open. */
    private volatile Threads.Executor other = Runnable::run;

    /** @param settles whether a route is to be over for everybody when it returns, and not only for those who have its result */
    Routes(boolean settles) {
        this.settles = settles;
    }

    void useOther(Threads.Executor thread) {
        other = thread;
    }

    List<Route> all() {
        return List.of(
            Route.of("own-thread", Work::run),
            Route.starting("new-thread", work -> Threads.startAndJoin(work, Thread::new)),
            Route.starting("thread-subclass", work -> Threads.startAndJoin(work, Subclass::new)),
            Route.of("fixed-pool", work -> fixed.submit(Threads.callable(work)).get()),
            Route.starting("pool-made-inside", Routes::madeInside),
            Route.of("cached-pool", work -> cached.submit(Threads.callable(work)).get()),
            Route.of("scheduled-pool", work -> scheduled.schedule(Threads.callable(work), 1, TimeUnit.MILLISECONDS).get()),
            Route.of("work-stealing-pool", work -> stealing.submit(Threads.callable(work)).get()),
            Route.of("single-thread-pool", work -> single.submit(Threads.callable(work)).get()),
            Route.of("raw-execute", work -> executedAndLeft(work, single)),
            Route.of("raw-execute-fork-join", work -> executedAndLeft(work, oneWorker)),
            Route.of("future-task-run-directly", Routes::runDirectly),
            Route.of("invoke-any", work -> fixed.invokeAny(List.of(Threads.callable(work)))),
            Route.of("invoke-all", work -> fixed.invokeAll(List.of(Threads.callable(work))).get(0).get()),
            Route.of("supply-async-pool", work -> CompletableFuture.supplyAsync(() -> Threads.done(work), fixed).get()),
            Route.of("run-async-common", work -> CompletableFuture.runAsync(() -> Threads.done(work)).get()),
            Route.of("then-apply-async", work -> CompletableFuture.supplyAsync(() -> 1, fixed).thenApplyAsync(one -> Threads.done(work), cached).get()),
            Route.of("then-apply-async-common", work -> CompletableFuture.completedFuture(1).thenApplyAsync(one -> Threads.done(work)).get()),
            Route.of("then-compose", work -> CompletableFuture.supplyAsync(() -> 1, fixed)
                .thenCompose(one -> CompletableFuture.supplyAsync(() -> Threads.done(work), cached)).get()),
            Route.of("recursive-task", this::inRecursiveTask),
            Route.of("delayed-executor", work -> CompletableFuture.runAsync(() -> Threads.done(work), CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, fixed)).get()),
            Route.of("stage-run-in-another-load", this::stageInAnotherLoad),
            Route.of("async-stage-due-to-another-load", this::asyncStageDueToAnotherLoad),
            Route.of("future-task-run-in-another-load", this::taskInAnotherLoad),
            Route.of("parallel-stream", this::inParallelStream),
            Route.of("timer", this::byTimer),
            Route.starting("timer-made-inside", Routes::byTimerMadeInside),
            Route.of("part-on-own-thread", Loads::part),
            new Route("child-in-new-thread", 1, true, work -> Threads.startAndJoin(work, Thread::new)));
    }

    static final class Subclass extends Thread {
        private final Runnable work;

        Subclass(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            work.run();
        }
    }

    /** Splits itself; the work is done by the last half of the last half, wherever that is run. */
    private static final class Recursive extends RecursiveTask<Integer> {
        private static final long serialVersionUID = 1;

        private final transient Work work;
        private final int depth;

        Recursive(Work work, int depth) {
            this.work = work;
            this.depth = depth;
        }

        @Override
        protected Integer compute() {
            if (depth == 0) {
                return work == null ? 0 : Threads.done(work);
            }
            ForkJoinTask<Integer> left = new Recursive(null, depth - 1).fork();
            ForkJoinTask<Integer> right = new Recursive(work, depth - 1).fork();
            return left.join() + right.join();
        }
    }

    private static void madeInside(Work work) throws Exception {
        AtomicReference<Thread> worker = new AtomicReference<>();
        ExecutorService pool = Executors.newFixedThreadPool(1, task -> {
            worker.set(Threads.daemon(task));
            return worker.get();
        });
        Future<Integer> future = pool.submit(Threads.callable(work));
        pool.shutdown();
        future.get();
        worker.get().join();
    }

    private static void runDirectly(Work work) throws Exception {
        FutureTask<Integer> task = new FutureTask<>(Threads.callable(work));
        task.run();
        task.get();
    }

    private void inRecursiveTask(Work work) throws Exception {
        AtomicReference<Thread> worker = new AtomicReference<>();
        forkJoin.submit(new Recursive(() -> {
            worker.set(Thread.currentThread());
            work.run();
        }, 3)).get();
        awaitIdle(worker);
    }

    /** The caller's own piece waits until another thread has done the other one. */
    private void inParallelStream(Work work) {
        Thread caller = Thread.currentThread();
        AtomicReference<Thread> worker = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        IntStream.range(0, 2).parallel().forEach(i -> {
            if (Thread.currentThread() == caller) {
                Threads.await(done);
            } else {
                worker.set(Thread.currentThread());
                try {
                    Threads.done(work);
                } finally {
                    done.countDown();
                }
            }
        });
        awaitIdle(worker);
    }

    /** Heap bytes are counted when a thread leaves a task, which may be a moment after its result is there: until it waits for its next task. */
    private void awaitIdle(AtomicReference<Thread> worker) {
        while (settles && worker.get().getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
    }

    private void stageInAnotherLoad(Work work) throws Exception {
        CompletableFuture<Integer> source = new CompletableFuture<>();
        CompletableFuture<Integer> stage = source.thenApply(one -> Threads.done(work));
        inAnotherLoad(() -> source.complete(1));
        stage.get();
    }

    private void asyncStageDueToAnotherLoad(Work work) throws Exception {
        CompletableFuture<Integer> source = new CompletableFuture<>();
        CompletableFuture<Integer> stage = source.thenApplyAsync(one -> Threads.done(work), fixed);
        inAnotherLoad(() -> source.complete(1));
        stage.get();
    }

    private void taskInAnotherLoad(Work work) throws Exception {
        FutureTask<Integer> task = new FutureTask<>(Threads.callable(work));
        inAnotherLoad(task);
        task.get();
    }

    /** Returns when it is done there. */
    void inAnotherLoad(Runnable action) {
        Threads.executed(action::run, other);
    }

    private void byTimer(Work work) {
        Threads.executed(work, task -> timer.schedule(timerTask(task), 0));
        Threads.executed(() -> { }, task -> timer.schedule(timerTask(task), 0));
    }

    private static void byTimerMadeInside(Work work) throws Exception {
        Timer own = new Timer("scenario-own-timer", true);
        AtomicReference<Thread> thread = new AtomicReference<>();
        Threads.executed(() -> {
            thread.set(Thread.currentThread());
            work.run();
        }, task -> own.schedule(timerTask(task), 0));
        own.cancel();
        thread.get().join();
    }

    private static TimerTask timerTask(Runnable work) {
        return new TimerTask() {
            @Override
            public void run() {
                work.run();
            }
        };
    }

    /** Waits until its only thread does something else, too: heap bytes are counted when a thread leaves a task, which a raw execute tells nobody. */
    private static void executedAndLeft(Work work, ExecutorService pool) throws Exception {
        Threads.executed(work, pool::execute);
        pool.submit(() -> { }).get();
    }


}
