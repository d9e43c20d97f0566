package dev.ebb.record;

import dev.ebb.load.Load;
import dev.ebb.load.Pending;
import dev.ebb.load.ThreadAccount;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * One task that works for a load in whatever thread runs it. The load counts it until it has run once, or can never run. Thread-safe; a task runs in one
 * thread at a time. Where it stands in a table, it is its own key there, by the identity of its task.
 */
final class Ticket extends Pending {
    private static final AtomicIntegerFieldUpdater<Ticket> STATE = AtomicIntegerFieldUpdater.newUpdater(Ticket.class, "state");
    private static final int WAITING = 0;
    private static final int RUNNING = 1;
    private static final int DONE = 2;

    /** The next of the same task, in the table. */
    Ticket next;

    private final Loads loads;
    private final Load load;
    private final boolean stage;
    private int hash;
    private volatile int state;

    /**
     * @param task what is dropped when it can never run
     * @param dropped where that is to be noticed
     * @param stage it waits for a future
     */
    Ticket(Object task, Loads loads, Load load, ReferenceQueue<Object> dropped, boolean stage) {
        super(task, dropped);
        this.loads = loads;
        this.load = load;
        this.stage = stage;
        load.join();
        if (stage) {
            load.stageWaits();
        }
        load.pending().add(this);
    }

    /** To be called once, before it is put into a table. Asking a new object for its identity takes longer than the rest of what is done here. */
    void becomeKey(Object task) {
        hash = System.identityHashCode(task);
    }

    /** The calling thread begins to work for the load. @param key by which the frame is found again; @return null if this is not the load's any more (a periodic task after its first run), or Ebb failed */
    Frame enter(Object key) {
        try {
            if (!STATE.compareAndSet(this, WAITING, RUNNING)) {
                return null;
            }
            if (stage) {
                load.stageWaitsNoMore();
            }
            Slot slot = loads.slot();
            Frame frame = slot.push(key, this);
            slot.enter(frame, load);
            return frame;
        } catch (Throwable t) {
            // no memory, no stack: the task runs unrecorded, and stays counted
            forget(key);
            loads.failed(t);
            return null;
        }
    }

    /** The thread is where it was before, if it began at all. */
    private void forget(Object key) {
        Slot slot = loads.slotIfAny();
        Frame frame = slot == null ? null : slot.find(key);
        if (frame != null && frame.ticket == this) {
            slot.restore(frame);
        }
    }

    /** The calling thread has done it. Throws nothing: the task's own end must reach the program. */
    void exit(Frame frame) {
        try {
            if (frame != null) {
                Slot slot = loads.slot();
                loads.unwindAbove(slot, frame);
                exitTop(slot);
            } else if (state == RUNNING) {
                finish();
            }
        } catch (Throwable t) {
            loads.failed(t);
            leaveAnyway(frame);
        }
    }

    /** It is what the thread of the slot began last, and is done. */
    void exitTop(Slot slot) {
        long now = HeapMeter.allocatedBytes();
        slot.load = load;
        ThreadAccount account = slot.leave(now);
        account.ranTask();
        slot.pop(now);
        finish();
    }

    private void leaveAnyway(Frame frame) {
        try {
            Slot slot = loads.slotIfAny();
            if (slot != null && frame != null && slot.has(frame)) {
                slot.restore(frame);
            }
        } finally {
            finish();
        }
    }

    /** It will never run. Nothing happens if it has begun. */
    void drop() {
        if (STATE.compareAndSet(this, WAITING, DONE)) {
            if (stage) {
                load.stageWaitsNoMore();
            }
            leave();
        }
    }

    boolean waits() {
        return state == WAITING;
    }

    boolean isStage() {
        return stage;
    }

    @Override
    public boolean isDone() {
        return state == DONE;
    }

    private void finish() {
        if (STATE.getAndSet(this, DONE) != DONE) {
            leave();
        }
    }

    private void leave() {
        load.pending().oneDone();
        loads.leave(load);
    }

    /** Of the same task. */
    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        Object mine = get();
        return mine != null && other instanceof Ticket && ((Ticket) other).refersTo(mine);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
