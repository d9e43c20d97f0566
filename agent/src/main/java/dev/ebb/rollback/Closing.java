package dev.ebb.rollback;

import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.Load;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Memory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The closes of one rollback, in order, on a thread made for them: a close is code of the program and may hang, and the worker has other loads to look
 * at. Filled by the worker, run by its thread, asked by the worker. A close that hangs is left to its thread, and the rest goes on in another one. What a
 * close throws is the program's and ends here as text.
 */
final class Closing {
    /** One close. */
    interface Action {
        void run() throws Exception;
    }

    private record Step(String what, Object target, boolean handle, BooleanSupplier needed, Action action, Runnable closed) { }

    /** A close that goes on, by the clock of {@link System#nanoTime}. */
    private record Going(Step step, long sinceNanos) { }

    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Load load;
    private final Closers closers;
    private final LoadRegistry registry;
    private final Memory memory;
    private final EventSink events;
    private final Queue<Step> steps = new ConcurrentLinkedQueue<>();
    private final List<String> troubles = Collections.synchronizedList(new ArrayList<>());
    private final List<String> hanging = new ArrayList<>();
    private final AtomicInteger hangingNow = new AtomicInteger();
    private volatile boolean handleOpen;
    private final AtomicInteger closed = new AtomicInteger();
    private volatile boolean finished;
    private Run run;

    Closing(Load load, Closers closers, LoadRegistry registry, Memory memory, EventSink events) {
        this.load = load;
        this.events = events;
        this.closers = closers;
        this.registry = registry;
        this.memory = memory;
    }

    /**
     * @param handle a native handle: after one that stays open no older one may be closed, since the open one may use it
     * @param needed asked right before: an earlier close may have closed this as well
     * @param action null for what has to stay open
     * @param done run right after it was closed
     */
    void add(String what, Object target, boolean handle, BooleanSupplier needed, Action action, Runnable done) {
        steps.add(new Step(what, target, handle, needed, action, done));
    }

    /** What is to be closed, in order; before {@link #start}. */
    List<String> plan() {
        List<String> plan = new ArrayList<>();
        for (Step step : steps) {
            if (step.action != null) {
                plan.add(step.what);
            }
        }
        return plan;
    }

    /** To be called once; the caller has its turn among the {@link Closers} for it. */
    void start() {
        if (steps.isEmpty() || closers.areExhausted()) {
            if (!steps.isEmpty()) {
                troubles.add(Closers.exhausted());
                steps.clear();
            }
            end();
            return;
        }
        try {
            run = new Run();
            run.thread.setDaemon(true);
            run.thread.start();
        } catch (RuntimeException | Error e) {
            // mostly an OutOfMemoryError: the system gives no more threads
            steps.clear();
            troubles.add(describe(e));
            end();
        }
    }

    /** Nothing of it goes on, and the next may have its turn. */
    void end() {
        // first: of one that has finished the turn can be taken
        finished = true;
        closers.ended(this);
    }

    /** No further close is begun; what goes on is left to its thread, and counts as hanging. */
    void abandon() {
        steps.clear();
        Going going = run == null ? null : run.going.get();
        if (going != null) {
            leave(going);
        } else if (!finished) {
            hanging.add("a close goes on");
        }
    }

    /** Whether a close that was left to itself has not returned yet. */
    boolean hangs() {
        return hangingNow.get() > 0 || !finished;
    }

    boolean finished() {
        return finished;
    }

    /** Waits for so long at most. */
    void awaitEnd(long nanos) {
        long until = System.nanoTime() + nanos;
        while (!finished && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
    }

    /** How many were closed; meaningful once finished. */
    int closed() {
        return closed.get();
    }

    List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** The closes that were left to themselves, with their stacks. */
    List<String> hanging() {
        return hanging;
    }

    /** Where the close that goes on for longer than this stands; null if none does. */
    String longerThan(long nanos, long now) {
        Going going = run.going.get();
        return going != null && now - going.sinceNanos > nanos ? run.describe(going) : null;
    }

    /** Gives up a close that goes on for longer than this, and goes on with the next. */
    void leaveLongerThan(long nanos, long now) {
        Going going = run.going.get();
        if (going == null || now - going.sinceNanos <= nanos) {
            return;
        }
        leave(going);
    }

    private void leave(Going going) {
        String holder = run.describe(going);
        if (run.going.compareAndSet(going, null)) {
            hanging.add(holder);
            hangingNow.incrementAndGet();
            closers.hangs(holder);
            handleOpen |= going.step.handle;
            start();
        }
    }

    /** One thread's way through the steps. */
    private final class Run implements Runnable {
        private final Thread thread = new Thread(null, this, "ebb-closer", 0, false);
        private final AtomicReference<Going> going = new AtomicReference<>();
        private boolean left;

        @Override
        public void run() {
            try {
                closers.entered(thread);
                registry.ignoreThisThread();
                registry.charge(null);
                Step step = steps.poll();
                while (step != null) {
                    take(step);
                    step = left ? null : steps.poll();
                }
                registry.charge(load);
                // what was freed here lies in this thread's allocator cache
                memory.flushThreadCache();
            } catch (Throwable t) {
                troubles.add(Closing.describe(t));
            } finally {
                closers.left(thread);
                if (left) {
                    closers.cameBack();
                    hangingNow.decrementAndGet();
                } else {
                    end();
                }
            }
        }

        private void take(Step step) {
            if (step.handle && handleOpen) {
                return;
            }
            boolean failed = false;
            if (step.action != null && step.needed.getAsBoolean()) {
                Going mine = new Going(step, System.nanoTime());
                going.set(mine);
                failed = !close(step);
                left = !going.compareAndSet(mine, null);
                if (left) {
                    events.event(LoadEvents.about(load, Level.INFO, "rollback.step").with("step", "close").with("returned", step.what)
                        .with("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - mine.sinceNanos)));
                }
            }
            // of a close that failed nobody knows how far it came
            handleOpen |= step.handle && !left && (failed || step.needed.getAsBoolean());
        }

        private boolean close(Step step) {
            Thread.currentThread().setContextClassLoader(step.target == null ? null : step.target.getClass().getClassLoader());
            try {
                step.action.run();
                step.closed.run();
                closed.incrementAndGet();
                return true;
            } catch (Throwable t) {
                troubles.add(step.what + ": " + Closing.describe(t));
                return false;
            }
        }

        private String describe(Going close) {
            return "close of " + close.step.what + " goes on: " + Holders.describe(thread);
        }
    }

    private static String describe(Throwable thrown) {
        try {
            return thrown.getClass().getName() + ": " + thrown.getMessage();
        } catch (Throwable inGetMessage) {
            return thrown.getClass().getName();
        }
    }
}
