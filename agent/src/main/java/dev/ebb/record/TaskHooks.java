package dev.ebb.record;

import dev.ebb.load.Kind;
import dev.ebb.load.Load;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Tasks and threads that a load causes. */
final class TaskHooks {
    private final Loads loads;
    private final Ownership ownership;
    private final ReferenceQueue<Object> dropped = new ReferenceQueue<>();
    /** Pools that loads have made, so that their workers are the load's and not the program's. */
    private final IdentitySet pools = new IdentitySet();
    private final RawTasks raw;

    TaskHooks(Loads loads, Ownership ownership) {
        this.ownership = ownership;
        this.loads = loads;
        this.raw = new RawTasks(loads, dropped);
    }

    Object wrap(int kind, Object task) {
        Slot slot = loads.slotIfAny();
        Load load = slot == null || slot.busy ? null : slot.load;
        boolean fits = kind == Kind.WRAP_CALLABLE ? task instanceof Callable : kind == Kind.WRAP_RUNNABLE ? task instanceof Runnable : task instanceof Supplier;
        return load == null || !fits || task instanceof Task ? task : new Task<>(loads, task, load, dropped);
    }

    RawTasks raw() {
        return raw;
    }

    void poolCreated(Object pool) {
        Slot slot = loads.slotIfAny();
        if (slot != null && slot.load != null && !slot.busy && !ownership.isTheProgramsOwn(slot.load)) {
            pools.add(pool);
        }
    }

    void workerStarting(Object pool) {
        Slot slot = loads.slotIfAny();
        if (slot != null) {
            slot.startingPool = pool;
        }
    }

    /** A thread that a load starts is the load's, unless it is a worker of a pool that the load did not make: pools start those when they like. */
    void threadStarting(Thread thread) {
        Slot slot = loads.slot();
        boolean lent = slot.startingPool != null && !pools.contains(slot.startingPool);
        if (slot.load != null && !slot.busy && !lent && !ownership.isTheProgramsOwn(slot.load)) {
            loads.threadStarting(thread, slot.load);
        }
    }

    /** On the thread that ends. */
    void threadEnding(Thread thread) {
        Load load = loads.threadEnded(thread);
        if (load != null) {
            Slot slot = loads.slotIfAny();
            if (slot == null) {
                // it took nothing that we hear of; its counter has counted for this load alone
                load.addHeapBytes(Math.max(0, HeapMeter.allocatedBytes()));
            } else if (slot.heapMark >= 0) {
                load.addHeapBytes(HeapMeter.allocatedBytes() - slot.heapMark);
            }
            loads.leave(load);
        }
    }

    /** Tasks that nobody can run any more. Called by the worker. */
    void reapTasks() {
        for (Reference<?> r = dropped.poll(); r != null; r = dropped.poll()) {
            ((Ticket) r).finish();
        }
        raw.reap();
    }
}
