package dev.ebb.rollback;

import dev.ebb.load.Load;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Memory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The closes of one rollback, in order, on a thread made for them: a close is code of the program and may hang, and the worker has other loads to look
 * at. Filled by the worker, run by its thread, asked by the worker. What a close throws is the program's and ends here as text.
 */
final class Closing {
    /** One close. */
    interface Action {
        void run() throws Exception;
    }

    private record Step(String what, Object target, boolean handle, BooleanSupplier needed, Action action, Runnable closed) { }

    private final List<Step> steps = new ArrayList<>();
    private final List<String> troubles = Collections.synchronizedList(new ArrayList<>());
    private volatile int closed;
    private volatile boolean finished;
    private volatile String current;
    private Thread thread;

    /**
     * @param handle a native handle: after one that stays open no older one may be closed, since the open one may use it
     * @param needed asked right before: an earlier close may have closed this as well
     * @param action null for what has to stay open
     * @param done run right after it was closed
     */
    void add(String what, Object target, boolean handle, BooleanSupplier needed, Action action, Runnable done) {
        steps.add(new Step(what, target, handle, needed, action, done));
    }

    /** @param load whose memory this gives back */
    void start(Load load, LoadRegistry registry, Memory memory) {
        thread = new Thread(null, () -> run(load, registry, memory), "ebb-closer", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    boolean finished() {
        return finished;
    }

    /** How many were closed; meaningful once finished. */
    int closed() {
        return closed;
    }

    List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** Where the close that goes on now stands. */
    String holder() {
        return "close of " + current + " goes on: " + Holders.describe(thread);
    }

    private void run(Load load, LoadRegistry registry, Memory memory) {
        try {
            registry.ignoreThisThread();
            registry.charge(null);
            boolean handleOpen = false;
            for (Step step : steps) {
                if (!(step.handle && handleOpen) && step.needed.getAsBoolean()) {
                    close(step);
                }
                handleOpen |= step.handle && step.needed.getAsBoolean();
            }
            registry.charge(load);
            // what was freed here lies in this thread's allocator cache
            memory.flushThreadCache();
        } catch (Throwable t) {
            troubles.add(describe(t));
        } finally {
            steps.clear();
            finished = true;
        }
    }

    private void close(Step step) {
        if (step.action == null) {
            return;
        }
        current = step.what;
        Thread.currentThread().setContextClassLoader(step.target == null ? null : step.target.getClass().getClassLoader());
        try {
            step.action.run();
            step.closed.run();
            closed++;
        } catch (Throwable t) {
            troubles.add(step.what + ": " + describe(t));
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
