package dev.ebb.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;

/**
 * What the JDK's futures keep private: which CompletableFutures depend on which ({@code CompletableFuture.stack}, {@code Completion.next},
 * {@code UniCompletion.dep}, {@code AnyOf.dep}, {@code CoCompletion.base}), and who waits ({@code FutureTask.waiters}, {@code Signaller}). Reads only; called when something
 * timed out, so never on a hot path. Thread-safe.
 */
final class FutureInternals {
    private static final String CF = "java.util.concurrent.CompletableFuture";
    /** Futures in a chain that are looked at; a longer one is cut off. */
    private static final int LIMIT = 10_000;
    /** Those that are remembered for each load. */
    private static final int DEPENDENTS = 64;

    private final Class<?> uniCompletion;
    private final Class<?> coCompletion;
    private final VarHandle stack;
    private final VarHandle next;
    private final VarHandle dep;
    private final VarHandle base;
    private final Class<?> biCompletion;
    private final Class<?> anyOf;
    private final VarHandle anyOfDep;
    private final VarHandle src;
    private final VarHandle snd;
    private final Class<?> signaller;
    private final VarHandle waiters;
    private final VarHandle waitingThread;
    private final VarHandle nextWaiter;
    private final VarHandle outcome;

    /** @throws ReflectiveOperationException if this JDK has other fields: then only the future itself is matched */
    FutureInternals(MethodHandles.Lookup concurrent) throws ReflectiveOperationException {
        Class<?> completion = Class.forName(CF + "$Completion");
        biCompletion = Class.forName(CF + "$BiCompletion");
        uniCompletion = Class.forName(CF + "$UniCompletion");
        coCompletion = Class.forName(CF + "$CoCompletion");
        stack = concurrent.findVarHandle(CompletableFuture.class, "stack", completion);
        next = concurrent.findVarHandle(completion, "next", completion);
        dep = concurrent.findVarHandle(uniCompletion, "dep", CompletableFuture.class);
        anyOf = Class.forName(CF + "$AnyOf");
        anyOfDep = concurrent.findVarHandle(anyOf, "dep", CompletableFuture.class);
        src = concurrent.findVarHandle(uniCompletion, "src", CompletableFuture.class);
        snd = concurrent.findVarHandle(biCompletion, "snd", CompletableFuture.class);
        signaller = Class.forName(CF + "$Signaller");
        Class<?> waitNode = Class.forName("java.util.concurrent.FutureTask$WaitNode");
        waiters = concurrent.findVarHandle(FutureTask.class, "waiters", waitNode);
        waitingThread = concurrent.findVarHandle(waitNode, "thread", Thread.class);
        nextWaiter = concurrent.findVarHandle(waitNode, "next", waitNode);
        outcome = concurrent.findVarHandle(FutureTask.class, "outcome", Object.class);
        base = concurrent.findVarHandle(coCompletion, "base", biCompletion);
    }

    boolean reaches(CompletableFuture<?> from, Object wanted) {
        if (from == wanted || stack.getVolatile(from) == null) {
            // most have nothing that depends on them, and are asked by each timeout of the program
            return from == wanted;
        }
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Object> open = new ArrayList<>();
        open.add(from);
        while (!open.isEmpty() && seen.size() < LIMIT) {
            Object future = open.remove(open.size() - 1);
            if (future == wanted) {
                return true;
            }
            if (seen.add(future)) {
                addDependents(future, open);
            }
        }
        return false;
    }

    /**
     * Whether somebody who has not given up may get the result of {@code carrier}: a thread waits for it or for a future downstream, or something hangs on it
     * that leads to no future on which a caller gave up. True of futures whose waiters cannot be seen.
     */
    boolean isWanted(Object carrier, Predicate<Object> givenUp) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Object> open = new ArrayList<>();
        open.add(carrier);
        while (!open.isEmpty()) {
            Object future = open.remove(open.size() - 1);
            if (!showsWaiters(future) || isWaitedOn(future) || seen.size() >= LIMIT) {
                return true;
            }
            int before = open.size();
            if (seen.add(future) && future instanceof CompletableFuture) {
                addDependents(future, open);
                if (open.size() == before && future != carrier && !givenUp.test(future)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether every thread that waits for the future now is one of these. */
    boolean onlyWaitedOnBy(FutureTask<?> future, Predicate<Thread> these) {
        for (Object node = waiters.getVolatile(future); node != null; node = nextWaiter.getVolatile(node)) {
            Thread thread = (Thread) waitingThread.getVolatile(node);
            if (thread != null && !these.test(thread)) {
                return false;
            }
        }
        return true;
    }

    private static boolean showsWaiters(Object future) {
        return future.getClass() == FutureTask.class || future.getClass() == CompletableFuture.class
            || future.getClass().getName().equals("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask");
    }

    /** The stages that depend on a future, directly or not, as far as they are not too many. */
    List<WeakReference<Object>> dependents(Object from) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Object> open = new ArrayList<>();
        List<WeakReference<Object>> dependents = new ArrayList<>(0);
        addDependents(from, open);
        while (!open.isEmpty() && seen.size() < DEPENDENTS) {
            Object future = open.remove(open.size() - 1);
            if (seen.add(future)) {
                dependents.add(new WeakReference<>(future));
                addDependents(future, open);
            }
        }
        return dependents;
    }

    /** Whether a thread is in a {@code get} or {@code join} of this future now. */
    boolean isWaitedOn(Object future) {
        if (future instanceof FutureTask) {
            return waiters.getVolatile((FutureTask<?>) future) != null;
        }
        for (Object c = future instanceof CompletableFuture ? stack.getVolatile((CompletableFuture<?>) future) : null; c != null; c = next.getVolatile(c)) {
            if (signaller.isInstance(c)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a stage has run, or was passed over: it will not run any more. */
    boolean isDead(Object completion) {
        return uniCompletion.isInstance(completion) && dep.getVolatile(completion) == null;
    }

    /** Whether a stage waits for futures to be completed, and is neither running nor handed over to an executor. */
    boolean waitsForOthers(Object completion) {
        if (!uniCompletion.isInstance(completion) || ((ForkJoinTask<?>) completion).getForkJoinTaskTag() != 0) {
            return false;
        }
        CompletableFuture<?> first = (CompletableFuture<?>) src.getVolatile(completion);
        CompletableFuture<?> second = biCompletion.isInstance(completion) ? (CompletableFuture<?>) snd.getVolatile(completion) : null;
        return first != null && !first.isDone() || second != null && !second.isDone();
    }

    /** What a plain FutureTask was completed with; null of any other future, whose dependents or listeners may have taken its value. */
    Object outcome(Object future) {
        return future.getClass() == FutureTask.class ? outcome.get((FutureTask<?>) future) : null;
    }

    private void addDependents(Object future, List<Object> open) {
        for (Object c = stack.getVolatile(future); c != null; c = next.getVolatile(c)) {
            Object completion = coCompletion.isInstance(c) ? base.get(c) : c;
            Object dependent = uniCompletion.isInstance(completion) ? dep.get(completion) : anyOf.isInstance(completion) ? anyOfDep.get(completion) : null;
            if (dependent != null) {
                open.add(dependent);
            }
        }
    }
}
