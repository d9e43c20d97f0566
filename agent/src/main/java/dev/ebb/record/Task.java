package dev.ebb.record;

import dev.ebb.load.Load;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Takes a load along with a task to the thread that will run it. Stands inside the JDK's own task object, where the program cannot see it: that object
 * keeps its identity and class, so queues, {@code remove} and {@code shutdownNow} work as before. The {@code toString} is the program's.
 */
final class Task<V> implements Callable<V>, Runnable, Supplier<V> {
    private final Object target;
    private final Ticket ticket;
    private WeakReference<FutureTask<?>> future;

    Task(Loads loads, Object target, Load load, ReferenceQueue<Object> dropped) {
        this.target = target;
        this.ticket = new Ticket(this, loads, load, dropped, false);
    }

    @Override
    @SuppressWarnings("unchecked")
    public V call() throws Exception {
        Frame before = ticket.enter(this);
        try {
            return ((Callable<V>) target).call();
        } finally {
            ticket.exit(before);
        }
    }

    @Override
    public void run() {
        Frame before = ticket.enter(this);
        try {
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
            return ((Supplier<V>) target).get();
        } finally {
            ticket.exit(before);
        }
    }

    /** On the thread that constructs it, before anybody else can see it. */
    void standsIn(FutureTask<?> its) {
        future = new WeakReference<>(its);
    }

    /** The JDK's own future that this stands in; null of any other, whose cancellation may run code of the program. */
    FutureTask<?> future() {
        FutureTask<?> its = future == null ? null : future.get();
        return its == null || its.getClass() != FutureTask.class && !its.getClass().getName().endsWith(".ScheduledThreadPoolExecutor$ScheduledFutureTask") ? null : its;
    }

    Ticket ticket() {
        return ticket;
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
