package dev.ebb.record;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinTask;
import java.util.function.BiFunction;

/**
 * Tasks of loads in which nothing can be put that carries the load, found again by identity when a thread begins to run them: runnables of a raw
 * {@code execute}, timer tasks, forked tasks. One runnable handed over several times has a ticket for each, first come, first served. Thread-safe.
 */
final class TaskTable {
    /** By its own identity the ticket that came first, with the others of the same task behind it. */
    private final ConcurrentHashMap<Object, Ticket> waiting = new ConcurrentHashMap<>();

    void add(Ticket ticket, Object task) {
        ticket.becomeKey(task);
        waiting.merge(ticket, ticket, Append.INSTANCE);
    }

    /** @return the oldest ticket of this task, which is not in the table any more; or null */
    Ticket take(Object task) {
        if (task == null || waiting.isEmpty()) {
            return null;
        }
        Probe probe = new Probe(task);
        if (waiting.get(probe) == null) {
            return null;
        }
        TakeFirst first = new TakeFirst();
        waiting.computeIfPresent(probe, first);
        return first.taken;
    }

    /** A ticket whose task is gone; the others of the same task are gone, too. */
    void remove(Ticket ticket) {
        waiting.remove(ticket);
    }

    /** Forked tasks that were completed or cancelled without being run. */
    void dropCompleted() {
        for (Ticket ticket : waiting.values()) {
            Object task = ticket.get();
            if (task instanceof ForkJoinTask && ((ForkJoinTask<?>) task).isDone()) {
                Ticket taken = take(task);
                if (taken != null) {
                    taken.drop();
                }
            }
        }
    }

    private static final class Append implements BiFunction<Ticket, Ticket, Ticket> {
        static final Append INSTANCE = new Append();

        @Override
        public Ticket apply(Ticket first, Ticket added) {
            Ticket last = first;
            while (last.next != null) {
                last = last.next;
            }
            last.next = added;
            return first;
        }
    }

    private static final class TakeFirst implements BiFunction<Object, Ticket, Ticket> {
        private Ticket taken;

        @Override
        public Ticket apply(Object key, Ticket first) {
            taken = first;
            Ticket rest = first.next;
            first.next = null;
            return rest;
        }
    }
}
