package dev.ebb.record;

import dev.ebb.load.Load;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One task that works for a load in whatever thread runs it. The load counts it until it has run once, or can never run any more because nobody can reach
 * it. Thread-safe; a task runs in one thread at a time.
 */
final class Ticket extends WeakReference<Object> {
    private final Loads loads;
    private final Load load;
    private final AtomicBoolean done = new AtomicBoolean();

    /** @param task what is dropped when it can never run; @param dropped where that is to be noticed */
    Ticket(Object task, Loads loads, Load load, ReferenceQueue<Object> dropped) {
        super(task, dropped);
        this.loads = loads;
        this.load = load;
        load.join();
        load.tickets().add(this);
    }

    /** What the thread did before it took this task: another load's work, in a pool whose caller runs tasks itself. */
    record Mark(Slot slot, Load load, Load body, int depth, long heapMark) { }

    /** The calling thread begins to work for the load. @return null if this is not the load's any more (a periodic task after its first run), or Ebb failed */
    Mark enter() {
        try {
            if (done.get()) {
                return null;
            }
            Slot slot = loads.slot();
            Mark before = new Mark(slot, slot.load, slot.body, slot.depth, slot.heapMark);
            load.inside().add(Thread.currentThread());
            slot.heapMark = HeapMeter.allocatedBytes();
            slot.load = load;
            slot.body = null;
            slot.depth = 0;
            return before;
        } catch (Throwable t) {
            return null;
        }
    }

    /** The calling thread has done it. Throws nothing: the task's own end must reach the program. */
    void exit(Mark before) {
        try {
            if (before != null) {
                restore(before);
            }
        } catch (Throwable t) {
            // that the load stays open is seen as a holder
        } finally {
            finish();
        }
    }

    /** It was done, or never will be. */
    void finish() {
        if (done.compareAndSet(false, true)) {
            load.tickets().remove(this);
            loads.leave(load);
        }
    }

    private void restore(Mark before) {
        Slot slot = before.slot;
        long bytes = slot.heapMark >= 0 ? HeapMeter.allocatedBytes() - slot.heapMark : 0;
        load.addHeapBytes(bytes);
        slot.load = before.load;
        slot.body = before.body;
        slot.depth = before.depth;
        // what was counted here is not counted again for what the thread did before
        slot.heapMark = before.heapMark >= 0 ? before.heapMark + bytes : before.heapMark;
        if (before.load != load) {
            load.inside().remove(Thread.currentThread());
        }
    }
}
