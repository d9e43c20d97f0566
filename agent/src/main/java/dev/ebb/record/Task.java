package dev.ebb.record;

import dev.ebb.load.Load;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Takes a load along with a task to the thread that will run it. Stands inside the JDK's own task object, where the program cannot see it: that object
 * keeps its identity and class, so queues, {@code remove} and {@code shutdownNow} work as before. The {@code toString} is the program's.
 *
 * <p>The load counts the task until it has run once, or can never run any more because nobody can reach it.
 */
final class Task<V> implements Callable<V>, Runnable, Supplier<V> {
    private final Loads loads;
    private final Object target;
    private final Ticket ticket;

    Task(Loads loads, Object target, Load load, ReferenceQueue<Object> dropped) {
        this.loads = loads;
        this.target = target;
        this.ticket = new Ticket(this, load, dropped);
        load.join();
        load.tickets().add(ticket);
    }

    @Override
    @SuppressWarnings("unchecked")
    public V call() throws Exception {
        Mark before = enter();
        try {
            return ((Callable<V>) target).call();
        } finally {
            exit(before);
        }
    }

    @Override
    public void run() {
        Mark before = enter();
        try {
            ((Runnable) target).run();
        } finally {
            exit(before);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public V get() {
        Mark before = enter();
        try {
            return ((Supplier<V>) target).get();
        } finally {
            exit(before);
        }
    }

    @Override
    public String toString() {
        return target.toString();
    }

    /** What the thread did before it took this task: another load's work, in a pool whose caller runs tasks itself. */
    private record Mark(Slot slot, Load load, Load body, int depth, long heapMark) { }

    /** @return null if the load is not this task's any more (a periodic task after its first run), or Ebb failed */
    private Mark enter() {
        try {
            if (ticket.done()) {
                return null;
            }
            Slot slot = loads.slot();
            Mark before = new Mark(slot, slot.load, slot.body, slot.depth, slot.heapMark);
            ticket.load.inside().add(Thread.currentThread());
            slot.heapMark = HeapMeter.allocatedBytes();
            slot.load = ticket.load;
            slot.body = null;
            slot.depth = 0;
            return before;
        } catch (Throwable t) {
            return null;
        }
    }

    private void exit(Mark before) {
        try {
            if (before != null) {
                Slot slot = before.slot;
                if (slot.heapMark >= 0) {
                    ticket.load.addHeapBytes(HeapMeter.allocatedBytes() - slot.heapMark);
                }
                slot.load = before.load;
                slot.body = before.body;
                slot.depth = before.depth;
                slot.heapMark = before.heapMark;
                if (before.load != ticket.load) {
                    ticket.load.inside().remove(Thread.currentThread());
                }
            }
        } catch (Throwable t) {
            // the task's own result must reach the program; that the load stays open is seen as a holder
        } finally {
            ticket.finish(loads);
        }
    }

    /** Lets the load learn that its task was dropped without having run. */
    static final class Ticket extends WeakReference<Object> {
        private final Load load;
        private final AtomicBoolean done = new AtomicBoolean();

        Ticket(Task<?> task, Load load, ReferenceQueue<Object> dropped) {
            super(task, dropped);
            this.load = load;
        }

        boolean done() {
            return done.get();
        }

        void finish(Loads loads) {
            if (done.compareAndSet(false, true)) {
                load.tickets().remove(this);
                loads.leave(load);
            }
        }
    }
}
