package scenario.hostile;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The watched method, and callers that give up on it. */
final class Loads {
    static final ExecutorService POOL = Executors.newCachedThreadPool(Loads::daemon);

    private Loads() { }

    /** What a load does. */
    interface Body {
        Object run(Order order) throws Exception;
    }

    /** Watched. */
    static Object load(String name, Order order, Body body) throws Exception {
        try {
            return body.run(order);
        } finally {
            order.ended.countDown();
        }
    }

    /** In a pool thread, until the load has begun and its caller has given up; nobody has its future any more. */
    static void abandon(Order order, Body body) throws Exception {
        abandon(POOL, order, () -> load(order.name, order, body));
    }

    static void abandon(ExecutorService pool, Order order, Callable<?> task) throws Exception {
        Future<?> future = pool.submit(task);
        Order.await(order.begun);
        try {
            future.get(5, TimeUnit.MILLISECONDS);
            throw new AssertionError(order.name + " was in time");
        } catch (TimeoutException expected) {
            // its end is the subject
        }
    }

    /** In a pool thread, whose load throws a TimeoutException of its own; nobody has its future any more. */
    static void timesOut(Order order, Body body) throws Exception {
        timesOut(POOL, order, body);
    }

    static void timesOut(ExecutorService pool, Order order, Body body) throws Exception {
        Order.check(pool.submit(() -> endsByTimeout(order, body)).get(), order.name + " was in time");
    }

    private static boolean endsByTimeout(Order order, Body body) throws Exception {
        try {
            load(order.name, order, body);
            return false;
        } catch (TimeoutException expected) {
            return true;
        }
    }

    static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "hostile-pool");
        thread.setDaemon(true);
        return thread;
    }
}
