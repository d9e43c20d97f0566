package dev.ebb.record;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.load.Load;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Takes a load along with a task to the thread that will run it. Stands inside the JDK's own task object, where the program cannot see it: that object
 * keeps its identity and class, so queues, {@code remove} and {@code shutdownNow} work as before. The {@code toString} is the program's. One that begins
 * after its load was told to end does nothing.
 */
final class Task<V> implements Callable<V>, Runnable, Supplier<V> {
    private final Object target;
    private final Ticket ticket;

    Task(Loads loads, Object target, Load load, ReferenceQueue<Object> dropped) {
        this.target = target;
        this.ticket = new Ticket(this, loads, load, dropped, false);
    }

    @Override
    @SuppressWarnings("unchecked")
    public V call() throws Exception {
        Frame before = ticket.enter(this);
        try {
            EbbBridge.check();
            return ((Callable<V>) target).call();
        } finally {
            ticket.exit(before);
        }
    }

    @Override
    public void run() {
        Frame before = ticket.enter(this);
        try {
            EbbBridge.check();
            ((Runnable) target).run();
        } finally {
            ticket.exit(before);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public V get() {
        Frame before = ticket.enter(this);
        try {
            EbbBridge.check();
            return ((Supplier<V>) target).get();
        } finally {
            ticket.exit(before);
        }
    }

    Ticket ticket() {
        return ticket;
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
