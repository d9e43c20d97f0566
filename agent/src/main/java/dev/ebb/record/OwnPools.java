package dev.ebb.record;

import dev.ebb.load.Load;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread pools that open loads have made. A pool that was not shut down keeps its threads for ever, and with them its load open; but it may have been
 * published, and shutting it down would refuse the tasks of others for good. So its idle threads are sent home, which it starts again when it gets a task:
 * that gives back all that an unused pool holds, and a used one goes on. Thread-safe.
 */
final class OwnPools {
    /** How long a thread may wait for its next task. */
    private static final long IDLE_MILLIS = 50;

    private final ConcurrentHashMap<Load, Queue<Made>> byLoad = new ConcurrentHashMap<>();

    /** One pool, with how it was set before Ebb changed that. */
    private static final class Made {
        private final WeakReference<ThreadPoolExecutor> pool;
        private boolean changed;
        private long keepAliveNanos;

        Made(ThreadPoolExecutor pool) {
            this.pool = new WeakReference<>(pool);
        }
    }

    /** On the thread that makes it. */
    void made(Load load, Object pool) {
        // a subclass may run code of the program in any of its methods
        if (pool.getClass() == ThreadPoolExecutor.class || pool.getClass() == ScheduledThreadPoolExecutor.class) {
            byLoad.computeIfAbsent(load, key -> new ConcurrentLinkedQueue<>()).add(new Made((ThreadPoolExecutor) pool));
        }
    }

    /** Sends idle threads of the load's pools home. On the worker. @param acts false to say only which; @return the pools, described */
    List<String> sendIdleHome(Load load, boolean acts) {
        List<String> pools = new ArrayList<>();
        Queue<Made> all = byLoad.get(load);
        for (Made made : all == null ? List.<Made>of() : all) {
            ThreadPoolExecutor pool = made.pool.get();
            if (pool != null && !made.changed && !pool.isShutdown() && !pool.allowsCoreThreadTimeOut()) {
                pools.add(pool.getClass().getSimpleName() + " of " + pool.getPoolSize() + " threads");
                if (acts) {
                    made.keepAliveNanos = pool.getKeepAliveTime(TimeUnit.NANOSECONDS);
                    made.changed = true;
                    pool.setKeepAliveTime(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                    pool.allowCoreThreadTimeOut(true);
                }
            }
        }
        return pools;
    }

    /** The load is decided: a pool that somebody has is as it was. On the worker. */
    void decided(Load load) {
        Queue<Made> all = byLoad.isEmpty() ? null : byLoad.remove(load);
        for (Made made : all == null ? List.<Made>of() : all) {
            ThreadPoolExecutor pool = made.changed ? made.pool.get() : null;
            if (pool != null) {
                pool.allowCoreThreadTimeOut(false);
                pool.setKeepAliveTime(made.keepAliveNanos, TimeUnit.NANOSECONDS);
            }
        }
    }
}
