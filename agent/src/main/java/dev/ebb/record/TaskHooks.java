package dev.ebb.record;

import dev.ebb.load.Kind;
import dev.ebb.load.Load;
import dev.ebb.load.Pending;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Tasks that a load causes, from where they are handed over to where they are run. What the JDK puts into an object of its own carries the load inside it;
 * the rest is found in a table by identity. A thread that runs tasks on the way (helping while it waits, completing a future on which others depend)
 * works for nobody until a task tells whom it belongs to.
 */
final class TaskHooks {
    /** The JDK's own tasks: time limits, relays and the like, which run for nobody. */
    private static final String INTERNAL = "java.util.concurrent.CompletableFuture$";
    /** A virtual thread that goes on, whoever has woken it; its work is its own load's, if any. */
    private static final String CONTINUATION = "java.lang.VirtualThread";
    /** Adapters, which have the program's task, and with it the load, inside. */
    private static final String ADAPTER = "java.util.concurrent.ForkJoinTask$";

    private final Loads loads;
    private final StageWatch stages;
    private final FutureInternals internals;
    private final ReferenceQueue<Object> dropped = new ReferenceQueue<>();
    private final TaskTable table = new TaskTable();
    /** Tickets of tasks whose future was cancelled, each twice in line before it is dropped: their thread may have begun just before. */
    private final Queue<Ticket> cancelled = new ConcurrentLinkedQueue<>();
    private List<Ticket> doubtful = List.of();

    TaskHooks(Loads loads, StageWatch stages, FutureInternals internals) {
        this.internals = internals;
        this.loads = loads;
        this.stages = stages;
    }

    // ---- handed over inside an object of the JDK's

    /** @param owner the Completion that a stage stands in, null for other kinds */
    Object wrap(int kind, Object owner, Object task) {
        Slot slot = loads.slotIfAny();
        Load load = slot == null || slot.busy ? null : slot.load;
        if (slot != null) {
            slot.wrapped = null;
        }
        if (load == null || task == null || task instanceof Task || isInternal(task.getClass().getName())) {
            return task;
        }
        if (kind == Kind.WRAP_STAGE) {
            return new Stage<>(task, new Ticket(owner, loads, load, dropped, true));
        }
        if (kind == Kind.WRAP_PAIR_STAGE) {
            return new PairStage<>((BiFunction<?, ?, ?>) task, new Ticket(owner, loads, load, dropped, true));
        }
        boolean fits = kind == Kind.WRAP_CALLABLE ? task instanceof Callable : kind == Kind.WRAP_RUNNABLE ? task instanceof Runnable : task instanceof Supplier;
        if (!fits) {
            return task;
        }
        slot.wrapped = new Task<>(loads, task, load, dropped);
        return slot.wrapped;
    }

    /** The FutureTask for which something was wrapped last. */
    void futureMade(Object future) {
        Slot slot = loads.slotIfAny();
        if (slot != null && slot.wrapped != null) {
            slot.wrapped.standsIn((FutureTask<?>) future);
            slot.wrapped = null;
        }
    }

    /** On the worker. @param acts false to count them only */
    int cancelWaiting(Load load, boolean acts) {
        int cancelled = 0;
        for (Pending pending : load.pending().list()) {
            Object task = pending instanceof Ticket && ((Ticket) pending).waits() ? pending.get() : null;
            FutureTask<?> future = task instanceof Task ? ((Task<?>) task).future() : null;
            if (future != null && !future.isDone() && internals.onlyWaitedOnBy(future, thread -> load.threads().presenceOf(thread) != null)) {
                cancelled += !acts || future.cancel(false) ? 1 : 0;
            }
        }
        return cancelled;
    }

    private static boolean isInternal(String type) {
        return type.startsWith(INTERNAL) || type.startsWith(CONTINUATION);
    }

    /** A thread begins to compute a future. @param task what stands in it; one that will not run because the future was completed before is dropped */
    void futureEntered(Slot slot, Object future, Object task) {
        if (slot.load != null && !slot.busy && future != null) {
            slot.push(future, null);
        }
        slot.enterFuture(future);
        if (task instanceof Task && future instanceof CompletableFuture && ((CompletableFuture<?>) future).isDone()) {
            ((Task<?>) task).ticket().drop();
        }
    }

    void cancelling(Object task) {
        Slot slot = loads.slotIfAny();
        if (slot != null || task instanceof Task) {
            loads.slot().cancelling = task instanceof Task ? (Task<?>) task : null;
        }
    }

    void cancelled(boolean tookEffect) {
        Slot slot = loads.slotIfAny();
        Task<?> task = slot == null ? null : slot.cancelling;
        if (task != null) {
            slot.cancelling = null;
            if (tookEffect) {
                cancelled.add(task.ticket());
            }
        }
    }

    // ---- handed over as it is

    void submitted(Object task) {
        Slot slot = loads.slotIfAny();
        Load load = slot == null || slot.busy ? null : slot.load;
        if (load != null && task != null && !carriesItself(task)) {
            table.add(new Ticket(task, loads, load, dropped, false), task);
        }
    }

    private static boolean carriesItself(Object task) {
        return task instanceof RunnableFuture || task instanceof CompletableFuture.AsynchronousCompletionTask || task instanceof Task
            || task.getClass().getName().startsWith(ADAPTER);
    }

    /** A thread is about to run it. */
    void entered(Object task) {
        Ticket ticket = table.take(task);
        if (ticket != null) {
            ticket.enter(task);
        }
    }

    /** It has run. */
    void left(Object task) {
        Slot slot = loads.slotIfAny();
        Frame frame = slot == null || task == null ? null : slot.find(task);
        if (frame != null && frame.ticket != null) {
            frame.ticket.exit(frame);
        }
    }

    /** The thread has run what it ran last, and does not run tasks inside tasks. */
    void leftLast() {
        Slot slot = loads.slotIfAny();
        if (slot != null) {
            loads.end(slot, slot.bottom());
            slot.malloc.idle();
        }
    }

    /** It was taken back before it ran. */
    void withdrawn(Object task) {
        Ticket ticket = table.take(task);
        if (ticket != null) {
            ticket.drop();
        }
    }

    /** @param tasks an array or a list of the JDK's */
    void withdrawnAll(Object tasks) {
        if (tasks instanceof Object[]) {
            for (Object task : (Object[]) tasks) {
                withdrawn(task);
            }
        } else if (tasks instanceof Iterable) {
            for (Object task : (Iterable<?>) tasks) {
                withdrawn(task);
            }
        }
    }

    /**
     * A pool has no room for it and asks the program's handler. The JDK's own handlers throw, drop it, have run it, or hand it over once more; another one
     * that did not throw may have kept it.
     */
    void rejected(Object task, Object pool, boolean threw) {
        Object handler = pool instanceof ThreadPoolExecutor ? ((ThreadPoolExecutor) pool).getRejectedExecutionHandler() : null;
        if (threw || handler != null && handler.getClass().getName().startsWith("java.util.concurrent.ThreadPoolExecutor$")) {
            withdrawn(task);
        }
    }

    // ---- work for others on the way

    void helping(Object key) {
        Slot slot = loads.slotIfAny();
        if (slot != null && !slot.busy && slot.concerned()) {
            slot.push(key, null);
            slot.hideFutures();
        }
    }

    void helped(Object key) {
        Slot slot = loads.slotIfAny();
        if (slot != null) {
            loads.end(slot, slot.find(key));
        }
    }

    // ---- what goes without a word; called by the worker

    void reap() {
        for (Reference<?> r = dropped.poll(); r != null; r = dropped.poll()) {
            table.remove((Ticket) r);
            ((Ticket) r).drop();
        }
        stages.look();
    }

    /** About once a second. */
    void reapSlowly() {
        table.dropCompleted();
        List<Ticket> due = new ArrayList<>();
        for (Ticket ticket = cancelled.poll(); ticket != null; ticket = cancelled.poll()) {
            due.add(ticket);
        }
        for (Ticket ticket : doubtful) {
            ticket.drop();
        }
        doubtful = due;
    }
}
