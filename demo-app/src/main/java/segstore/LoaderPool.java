package segstore;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The store's loader threads: all started at once, never more, none ever ended. Thread-safe.
 *
 * <p>A task is under way from its submission until its future is done and all of its code has returned. Its thread
 * drops its own reference to the task a moment later, before it waits for the next.
 */
final class LoaderPool extends ThreadPoolExecutor {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Object monitor = new Object();
    private int underWay;

    LoaderPool(int threads) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), LoaderPool::thread);
        prestartAllCoreThreads();
    }

    <T> Future<T> begin(Callable<T> task) {
        synchronized (monitor) {
            underWay++;
        }
        FutureTask<T> future = new FutureTask<>(task);
        execute(future);
        return future;
    }

    int underWay() {
        synchronized (monitor) {
            return underWay;
        }
    }

    /** Waits until nothing is under way; false if that took longer than {@code limit}. */
    boolean awaitIdle(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (monitor) {
            while (underWay > 0) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(monitor, left);
            }
            return true;
        }
    }

    @Override
    protected void afterExecute(Runnable task, Throwable thrown) {
        synchronized (monitor) {
            underWay--;
            monitor.notifyAll();
        }
    }

    private static Thread thread(Runnable worker) {
        Thread thread = new Thread(worker, "segment-loader-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
