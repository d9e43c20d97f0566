package dev.ebb.record;

import dev.ebb.load.IdentityKey;
import dev.ebb.load.Load;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Function;

/** What happens to the futures that carry loads: timeouts, cancels, reads. */
final class FutureHooks {
    /** More timed-out futures than this whose task has not begun yet: the rest is not followed. */
    private static final int EARLY_LIMIT = 1024;

    private final Loads loads;
    private final FutureInternals internals;
    private final Function<Class<?>, MethodHandles.Lookup> lookups;
    private volatile Subtasks subtasks;
    /** Futures that timed out before a load began in their task. */
    private final Set<IdentityKey> early = ConcurrentHashMap.newKeySet();

    /** @param lookups private access to the class that it is given */
    FutureHooks(Loads loads, FutureInternals internals, Function<Class<?>, MethodHandles.Lookup> lookups) {
        this.lookups = lookups;
        this.loads = loads;
        this.internals = internals;
    }

    void timedOutInside() {
        Slot slot = loads.slotIfAny();
        if (slot != null && slot.load != null) {
            slot.load.sawTimeoutInside();
        }
    }

    /** A scope gives up on its subtasks: the results of those that are not done can never be read. */
    void scopeCancelled(Object scope) throws ReflectiveOperationException {
        if (subtasks == null) {
            subtasks = new Subtasks(lookups);
        }
        for (Load load : loads.undecided()) {
            if (!load.futures().haveCarriersEnded() && isCarriedIn(load, scope)) {
                load.futures().cancelledBy("cancelled");
                loads.listener().changed(load);
            }
        }
    }

    private boolean isCarriedIn(Load load, Object scope) {
        List<WeakReference<Object>> carriers = load.futures().carriers();
        for (int i = 0; i < carriers.size(); i++) {
            if (subtasks.isUnfinished(carriers.get(i).get(), scope)) {
                return true;
            }
        }
        return false;
    }

    /** The calling thread got a TimeoutException from a timed get on {@code future}. */
    void getTimedOut(Object future) {
        timedOutInside();
        if (future instanceof Future && !((Future<?>) future).isDone()) {
            // more loads may begin for it, whether some have already or not
            rememberEarly(future);
        }
        // after that: one that begins meanwhile finds the future among the early ones
        giveUpLoadsOf(future);
    }

    private void giveUpLoadsOf(Object future) {
        for (Load load : loads.carriedBy(future)) {
            if (carries(load, future)) {
                loads.gaveUp(load, future);
            }
        }
    }

    /**
     * A future was made to end. If it is the one that carries a load, nobody will ever get the result; if it is further down, others may wait beside it.
     *
     * @param how {@code cancelled} or {@code time limit}
     */
    void ended(Object future, String how) {
        for (Load load : loads.carriedBy(future)) {
            if (load.futures().isCarriedBy(future)) {
                load.futures().cancelledBy(how);
                loads.keepResult(load);
                loads.listener().changed(load);
            } else if (carries(load, future)) {
                loads.gaveUp(load, future);
            }
        }
    }

    /** The value that this thread has computed comes too late: somebody else has completed the future, and nobody can get this value through it. */
    void completing() {
        Slot slot = loads.slotIfAny();
        Collection<Load> carried = slot == null ? List.of() : slot.carried();
        if (carried.isEmpty() || !(slot.innermostFuture() instanceof Future) || !((Future<?>) slot.innermostFuture()).isDone()) {
            return;
        }
        for (Load load : carried) {
            boolean alone = load.futures().carriers().size() == 1 && load.futures().isCarriedBy(slot.innermostFuture());
            if (alone && load.result() != null && load.futures().cancelled() == null) {
                loads.keepResult(load);
                load.futures().cancelledBy("completed");
                loads.listener().changed(load);
            }
        }
    }

    /** The future that this thread has computed just now may have the result of a load as its own. */
    void noteOutcome(Slot slot) {
        Collection<Load> carried = slot.carried();
        Object outcome = carried.isEmpty() || slot.innermostFuture() == null ? null : internals.outcome(slot.innermostFuture());
        if (outcome != null) {
            for (Load load : carried) {
                if (load.result() != null && load.result().is(outcome)) {
                    load.result().becameOutcome();
                }
            }
        }
    }

    void read(Object future) {
        // getNow asks without waiting, and may get nothing
        if (!loads.anyGivenUp() || !(future instanceof Future) || !((Future<?>) future).isDone()) {
            return;
        }
        for (Load load : loads.carriedBy(future)) {
            if (load.futures().callerGaveUp() && (load.futures().isCarriedBy(future) || load.futures().wasGivenUpThrough(future))) {
                load.futures().wasRead();
                loads.listener().changed(load);
            }
        }
    }

    /** Whether somebody waits now for a future that carries the load, or on which a caller has given up before. */
    boolean isWaitedOn(Load load) {
        return anyWaitedOn(load.futures().carriers()) || anyWaitedOn(load.futures().givenUp());
    }

    boolean isWanted(Load load) {
        for (WeakReference<Object> carrier : load.futures().carriers()) {
            Object future = carrier.get();
            if (future != null && internals.isWanted(future, load.futures()::wasGivenUpThrough)) {
                return true;
            }
        }
        return anyWaitedOn(load.futures().givenUp());
    }

    private boolean anyWaitedOn(List<WeakReference<Object>> futures) {
        for (int i = 0; i < futures.size(); i++) {
            Object future = futures.get(i).get();
            if (future != null && internals.isWaitedOn(future)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The futures of a load have been completed. One may have been cancelled before, by a thread that has not told yet: it runs the program's own callbacks first, and the
     * machine may be busy. Else the load would be taken for one that completed.
     */
    void cancelledMeanwhile(Load load) {
        List<WeakReference<Object>> carriers = load.futures().carriers();
        for (int i = 0; i < carriers.size(); i++) {
            if (isCancelled(carriers.get(i).get()) && load.futures().cancelled() == null) {
                load.futures().cancelledBy("cancelled");
                loads.keepResult(load);
            }
        }
        List<WeakReference<Object>> downstream = load.futures().downstream();
        for (int i = 0; i < downstream.size(); i++) {
            Object dependent = downstream.get(i).get();
            if (isCancelled(dependent)) {
                loads.gaveUp(load, dependent);
            }
        }
    }

    private static boolean isCancelled(Object future) {
        return future instanceof Future && ((Future<?>) future).isCancelled();
    }

    /** A load begins, or is being left: was its future made to end, or given up, while its task was still waiting in a queue? To be asked after the load can be found. */
    void giveUpIfEndedBefore(Load load) {
        List<WeakReference<Object>> carriers = load.futures().carriers();
        for (int i = 0; i < carriers.size(); i++) {
            Object carrier = carriers.get(i).get();
            if (isCancelled(carrier)) {
                load.futures().cancelledBy("cancelled");
                loads.listener().changed(load);
            } else if (carrier instanceof CompletableFuture) {
                giveUpIfDependentEnded(load, carrier);
            }
        }
        giveUpIfTimedOutBefore(load);
    }

    /** A stage that is done before what it depends on was made to end by somebody. */
    private void giveUpIfDependentEnded(Load load, Object carrier) {
        List<WeakReference<Object>> dependents = internals.dependents(carrier);
        for (int i = 0; i < dependents.size(); i++) {
            Object dependent = dependents.get(i).get();
            if (dependent != null && ((CompletableFuture<?>) dependent).isCompletedExceptionally()) {
                loads.gaveUp(load, dependent);
            }
        }
    }

    private void giveUpIfTimedOutBefore(Load load) {
        if (early.isEmpty()) {
            return;
        }
        for (IdentityKey key : early) {
            Object future = mayBeCarriedBy(load, key) ? key.get() : null;
            if (future != null && carries(load, future)) {
                loads.gaveUp(load, future);
            }
        }
    }

    /** Without reading the key: what is read while a collector marks beside the program counts as reachable in that collection, and this is asked at each load's begin and end. */
    private static boolean mayBeCarriedBy(Load load, IdentityKey key) {
        List<WeakReference<Object>> carriers = load.futures().carriers();
        for (int i = 0; i < carriers.size(); i++) {
            Object carrier = carriers.get(i).get();
            if (carrier instanceof CompletableFuture || carrier != null && key.refersTo(carrier)) {
                return true;
            }
        }
        return !load.futures().downstream().isEmpty();
    }

    private void rememberEarly(Object future) {
        early.removeIf(key -> key.refersTo(null));
        if (early.size() < EARLY_LIMIT) {
            early.add(new IdentityKey(future));
        }
    }

    /** Carriers are read only where more than identity tells: see {@link #mayBeCarriedBy}. */
    private boolean carries(Load load, Object future) {
        if (load.futures().isCarriedBy(future) || load.futures().isUpstreamOf(future)) {
            return true;
        }
        List<WeakReference<Object>> carriers = load.futures().carriers();
        for (int i = 0; future instanceof CompletableFuture && i < carriers.size(); i++) {
            Object carrier = carriers.get(i).get();
            if (carrier instanceof CompletableFuture && internals.reaches((CompletableFuture<?>) carrier, future)) {
                return true;
            }
        }
        return false;
    }

    /** The body of the load is being left. When its futures are completed they forget who depends on them, and somebody may be giving up on that just then. */
    void noteDownstream(Load load) {
        List<WeakReference<Object>> carriers = load.futures().carriers();
        List<WeakReference<Object>> downstream = new ArrayList<>(0);
        for (int i = 0; i < carriers.size(); i++) {
            Object carrier = carriers.get(i).get();
            if (carrier instanceof CompletableFuture) {
                downstream.addAll(internals.dependents(carrier));
            }
        }
        load.futures().downstream(downstream);
    }
}
