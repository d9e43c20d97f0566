package dev.ebb.record;

import dev.ebb.load.CloseWatcher;
import dev.ebb.load.LateResult;
import dev.ebb.load.Load;
import dev.ebb.load.Site;
import dev.ebb.load.Sites;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The first and the last moment of a load on its own thread. */
final class LoadBoundary {
    /**
     * Where the stack ends, the enters and exits of the last few frames are missed: so far the count of them may be wrong. That the stack is looked at only when the
     * count is as low as that also keeps it from being looked at where there is hardly any left.
     */
    private static final int MOST_MISSED = 256;

    private final Loads loads;
    private final FutureHooks futures;
    private final Sites sites;
    private final CloseWatcher closeWatcher;
    private final ClosedBefore closedBefore;
    private final Ownership ownership;
    private final ReleaseHooks releases;

    LoadBoundary(Loads loads, FutureHooks futures, Sites sites, CloseWatcher closeWatcher, ClosedBefore closedBefore, Ownership ownership, ReleaseHooks releases) {
        this.releases = releases;
        this.closeWatcher = closeWatcher;
        this.closedBefore = closedBefore;
        this.ownership = ownership;
        this.loads = loads;
        this.futures = futures;
        this.sites = sites;
    }

    void entered(int siteId, Object receiver, Object[] arguments) {
        Slot slot = loads.slot();
        if (slot.busy) {
            return;
        }
        Site site = sites.get(siteId);
        if (slot.body != null && (slot.body.site().isConstructor() || slot.isUncertain() && slot.depth <= MOST_MISSED)) {
            endIfElsewhere(slot, site.method());
        }
        if (slot.body != null) {
            // a part of the load that this thread is in: an overload that another one calls, a load inside a load
            slot.depth++;
            return;
        }
        slot.busy = true;
        try {
            begin(slot, site, receiver, arguments);
        } finally {
            slot.busy = false;
        }
    }

    void left(int siteId, Object result, Throwable thrown) {
        Slot slot = loads.slotIfAny();
        if (slot == null || slot.busy || slot.body == null) {
            return;
        }
        if (--slot.depth > (slot.isUncertain() ? MOST_MISSED : 0)) {
            // it may have been called by an initialiser
            slot.initsSeen = -1;
            return;
        }
        slot.busy = true;
        try {
            if (slot.isUncertain() && ownership.isInside(slot.body, sites.get(siteId).method())) {
                slot.depth = 1;
            } else {
                end(slot, result, thrown);
            }
        } finally {
            slot.busy = false;
        }
    }

    /** A constructor's load may have been left by an exception of the constructor above, which woven code cannot see; any load when the stack was at its end. */
    void endIfUnwound(Slot slot) {
        if (slot.body != null && !slot.busy && (slot.body.site().isConstructor() || slot.isUncertain())) {
            endIfElsewhere(slot, null);
        }
    }

    private void endIfElsewhere(Slot slot, String entering) {
        slot.busy = true;
        try {
            if (!ownership.isInside(slot.body, entering)) {
                unwound(slot);
            }
        } finally {
            slot.busy = false;
        }
    }

    /** The body that the thread is said to be in has been left without a word. */
    void unwound(Slot slot) {
        Load load = slot.body;
        if (load == null) {
            // begun in vain
            slot.pop(HeapMeter.allocatedBytes());
        } else {
            end(slot, null, new IllegalStateException(load.site().isConstructor() ? "the constructor above threw" : "left unseen"));
        }
    }

    private void begin(Slot slot, Site site, Object receiver, Object[] arguments) {
        ownership.warmUp();
        Frame frame = slot.push(null, null);
        boolean begun = false;
        try {
            Load load = loads.begin(site, Labels.of(site, receiver, arguments), frame.load, slot);
            begun = true;
            frame.key = load;
            slot.receiver = receiver;
            slot.arguments = arguments;
            slot.body = load;
            slot.depth = 1;
            slot.enter(frame, load);
            futures.giveUpIfEndedBefore(load);
        } finally {
            if (!begun) {
                slot.pop(HeapMeter.allocatedBytes());
            }
        }
    }

    /** Whatever fails in here for want of memory or stack, the load is left. */
    private void end(Slot slot, Object result, Throwable thrown) {
        Load load = slot.body;
        lookAtFutures(load);
        if (thrown == null && load.isPastItsDeadline()) {
            // the worker may not have looked since
            load.passedDeadline();
        }
        boolean late = load.futures().callerGaveUp() || load.futures().cancelled() != null || load.pastDeadline();
        if (late && result instanceof AutoCloseable) {
            watchClose(result);
        }
        load.leftBy(thrown);
        try {
            ending(slot, load, result, thrown);
            futures.noteDownstream(load);
        } finally {
            try {
                leaveFrame(slot, load);
            } finally {
                loads.leave(load);
            }
        }
    }

    /** Somebody may have made its future end and not have told yet. */
    private void lookAtFutures(Load load) {
        try {
            futures.giveUpIfEndedBefore(load);
        } catch (RuntimeException | Error e) {
            // what matters more is that the load is seen to end
            loads.failed(e);
        }
    }

    private void lookForCancelled(Load load) {
        try {
            futures.cancelledMeanwhile(load);
        } catch (RuntimeException | Error e) {
            // a future may be of the program's own making; a load whose end is not seen would be kept for ever
            loads.failed(e);
        }
    }

    private void ending(Slot slot, Load load, Object result, Throwable thrown) {
        if (result instanceof CompletableFuture && !((CompletableFuture<?>) result).isDone()) {
            load.returned((CompletableFuture<?>) result);
        }
        if (!slot.carry(load)) {
            load.futures().carriersEnded();
        }
        Load oldest = slot.tooManyCarried();
        if (oldest != null) {
            carriersEnded(List.of(oldest));
        }
        if (thrown == null && isOfInterest(load, result)) {
            loads.left(load, lateResult(load, slot, result));
            if (isLate(load)) {
                // asked only now: who gives up later finds the result
                loads.keepResult(load);
            }
            if (result != null && closedBefore.mayContain(load.result(), result)) {
                load.result().closedByProgram();
            }
        }
        if (thrown == null) {
            releases.loaded(load, result, slot.receiver);
        }
    }

    private void leaveFrame(Slot slot, Load load) {
        try {
            Frame frame = slot.find(load);
            if (frame != null) {
                leave(slot, frame);
            }
        } finally {
            loads.listener().changed(load);
        }
    }

    private void leave(Slot slot, Frame frame) {
        try {
            loads.unwindAbove(slot, frame);
            long now = HeapMeter.allocatedBytes();
            slot.leave(now);
            slot.pop(now);
        } finally {
            if (slot.has(frame)) {
                slot.restore(frame);
            }
        }
    }

    /** Before the program has the result in hand: from then on it cannot close it unnoticed. If that fails, the result is never closed by Ebb. */
    private void watchClose(Object result) {
        try {
            closeWatcher.watch(result.getClass());
        } catch (RuntimeException | Error e) {
            // what matters more is that the load is seen to end
            loads.failed(e);
        }
    }

    private LateResult lateResult(Load load, Slot slot, Object result) {
        boolean lambda = result != null && result.getClass().isHidden();
        Object[] arguments = closeNeedsArguments(load) ? slot.arguments : null;
        return new LateResult(result, slot.receiver, arguments, lambda ? closeWatcher.captured(result) : null);
    }

    private static boolean closeNeedsArguments(Load load) {
        return load.site().close() != null && (load.site().close().onReceiver() || load.site().close().arguments().length > 0);
    }

    /** Of a load that somebody may give up on it has to be proven what became of its result; a good result that can be closed teaches what results share. */
    private static boolean isOfInterest(Load load, Object result) {
        return result instanceof AutoCloseable || load.site().close() != null || result != null && (isLate(load) || !load.futures().haveCarriersEnded());
    }

    private static boolean isLate(Load load) {
        return load.futures().callerGaveUp() || load.futures().cancelled() != null || load.pastDeadline() || load.gaveUpOnItsOwnTasks();
    }

    /** Loads whose futures this thread has completed: nobody can time out on them any more. */
    void carriersEnded(Collection<Load> ended) {
        for (Load load : ended) {
            lookForCancelled(load);
            load.futures().carriersEnded();
            loads.listener().changed(load);
        }
    }
}
