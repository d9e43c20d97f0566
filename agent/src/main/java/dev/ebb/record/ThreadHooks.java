package dev.ebb.record;

import dev.ebb.load.Load;
import dev.ebb.load.Presence;
import java.util.concurrent.ForkJoinWorkerThread;

/** Threads that start and end, and the pools that they belong to. */
final class ThreadHooks {
    /** The one thread of a ForkJoinPool, mostly the common one, that waits for times to come; started when somebody needs it first. */
    private static final String CLOCK = "java.util.concurrent.DelayScheduler";
    /** What the JDK makes its own threads of. */
    private static final String THE_JDKS = "jdk.internal.misc.InnocuousThread";

    private final Loads loads;
    private final Ownership ownership;
    /** Pools that loads have made, so that their workers are the load's and not the program's. */
    private final IdentitySet pools = new IdentitySet();
    private final OwnPools ownPools = new OwnPools();

    ThreadHooks(Loads loads, Ownership ownership) {
        this.loads = loads;
        this.ownership = ownership;
    }

    OwnPools ownPools() {
        return ownPools;
    }

    void poolCreated(Object pool) {
        Slot slot = loads.slotIfAny();
        if (slot != null && slot.load != null && !slot.busy && !ownership.isTheProgramsOwn(slot.load)) {
            pools.add(pool);
            ownPools.made(slot.load, pool);
        }
    }

    void workerStarting(Object pool) {
        Slot slot = loads.slotIfAny();
        if (slot != null) {
            slot.startingPool = pool;
        }
    }

    /** A thread that a load starts is the load's, unless it is a worker of a pool that the load did not make: pools start those when they like. */
    void starting(Thread thread) {
        Slot slot = loads.slot();
        // one that was started before will throw
        if (slot.load != null && !slot.busy && thread.getState() == Thread.State.NEW && !isLent(slot, thread) && !ownership.isTheProgramsOwn(slot.load)) {
            loads.threadStarting(thread, slot.load, poolOf(slot, thread) != null);
        }
    }

    /** Its start has thrown: for want of memory, or because it was started before, and then goes on. */
    void notStarted(Thread thread) {
        Thread.State state = thread.getState();
        if (state == Thread.State.NEW || state == Thread.State.TERMINATED) {
            loads.threadGone(thread);
        }
    }

    private boolean isLent(Slot slot, Thread thread) {
        Object pool = poolOf(slot, thread);
        String type = thread.getClass().getName();
        return pool != null && !pools.contains(pool) || type.equals(CLOCK) || type.equals(THE_JDKS);
    }

    private static Object poolOf(Slot slot, Thread thread) {
        return slot.startingPool != null ? slot.startingPool : thread instanceof ForkJoinWorkerThread ? ((ForkJoinWorkerThread) thread).getPool() : null;
    }

    /** The program interrupts a thread. */
    void interrupted(Thread thread) {
        Slot slot = loads.slotIfAny();
        if (slot != null && slot.busy) {
            return;
        }
        Presence presence = loads.presenceOf(thread);
        if (presence != null) {
            presence.programInterrupts(thread == Thread.currentThread());
        }
    }

    /** On the thread that ends. */
    void ending(Thread thread) {
        Slot slot = loads.slotIfAny();
        if (slot != null) {
            loads.end(slot, slot.bottom());
        }
        if (!loads.isBorn(thread)) {
            return;
        }
        // one that took nothing that we hear of has no slot; its counter has counted for this load alone
        Slot own = slot == null ? loads.slot() : slot;
        if (own.load != null) {
            own.leave(HeapMeter.allocatedBytes());
            own.malloc.charge(own.load);
            own.workFor(null);
        }
        Load load = loads.threadEnded(thread, CpuMeter.nanos());
        if (load != null) {
            loads.leave(load);
        }
    }
}
