package dev.ebb.record;

import dev.ebb.load.IdentityKey;
import dev.ebb.load.Load;
import java.lang.ref.ReferenceQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RunnableFuture;

/**
 * Tasks that loads hand to a thread pool by {@code execute(Runnable)}, where nothing of the JDK's stands between that could carry the load: a table by
 * identity. One runnable that two loads hand over at once goes to the first that did. Thread-safe.
 */
final class RawTasks {
    private final Loads loads;
    private final ReferenceQueue<Object> dropped;
    private final ReferenceQueue<Object> cleared = new ReferenceQueue<>();
    private final ConcurrentHashMap<IdentityKey, Queue<Ticket>> waiting = new ConcurrentHashMap<>();

    RawTasks(Loads loads, ReferenceQueue<Object> dropped) {
        this.loads = loads;
        this.dropped = dropped;
    }

    void submitted(Object task) {
        Slot slot = loads.slotIfAny();
        Load load = slot == null || slot.busy ? null : slot.load;
        // what is a future carries the load inside itself
        if (load == null || task == null || task instanceof RunnableFuture || task instanceof Task || task.getClass().getName().contains("CompletableFuture$Async")) {
            return;
        }
        IdentityKey key = new IdentityKey(task, cleared);
        waiting.compute(key, (k, queue) -> {
            Queue<Ticket> tickets = queue == null ? new ConcurrentLinkedQueue<>() : queue;
            tickets.add(new Ticket(task, loads, load, dropped));
            return tickets;
        });
    }

    /** A pool's thread is about to run it. */
    void entered(Object task) {
        Ticket ticket = take(task);
        if (ticket != null) {
            Slot slot = loads.slot();
            slot.rawTask = ticket;
            slot.rawMark = ticket.enter();
        }
    }

    /** The pool's thread has run what it entered last. */
    void left() {
        Slot slot = loads.slotIfAny();
        if (slot != null && slot.rawTask != null) {
            Ticket ticket = slot.rawTask;
            Ticket.Mark mark = slot.rawMark;
            slot.rawTask = null;
            slot.rawMark = null;
            ticket.exit(mark);
        }
    }

    void reap() {
        for (Object gone = cleared.poll(); gone != null; gone = cleared.poll()) {
            waiting.remove(gone);
        }
    }

    private Ticket take(Object task) {
        if (waiting.isEmpty()) {
            return null;
        }
        Ticket[] first = {null};
        waiting.computeIfPresent(new IdentityKey(task), (key, queue) -> {
            first[0] = queue.poll();
            return queue.isEmpty() ? null : queue;
        });
        return first[0];
    }
}
