package dev.ebb.record;

import dev.ebb.load.Load;
import dev.ebb.load.ThreadAccount;
import java.util.concurrent.TimeUnit;

/**
 * Looks now and then at the threads that are inside loads, so that they need not look at a clock themselves: how long they are inside, whether they run,
 * and how much processor time they had used when first seen. Used by the worker alone.
 */
final class ThreadSampler {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** Threads at one look: each costs 1 to 2 microseconds. */
    private static final int LIMIT = 1_000;

    /** So much at most is taken for the time since the last look: longer ago the worker itself stood still. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Loads loads;
    private long lastNanos = System.nanoTime();

    ThreadSampler(Loads loads) {
        this.loads = loads;
    }

    /** To be called oftener than it looks. */
    void look() {
        long now = System.nanoTime();
        long elapsed = now - lastNanos;
        if (elapsed < EVERY_NANOS) {
            return;
        }
        lastNanos = now;
        int looked = 0;
        for (Load load : loads.undecided()) {
            if (!load.quiet()) {
                for (ThreadAccount account : load.threads().inside()) {
                    if (looked++ == LIMIT) {
                        return;
                    }
                    sample(account, elapsed, now);
                }
            }
        }
    }

    private static void sample(ThreadAccount account, long elapsed, long now) {
        Thread thread = account.thread();
        if (thread == null) {
            return;
        }
        // nobody was looking while no load was open
        account.sampled(Math.min(Math.min(elapsed, MOST_NANOS), account.ageNanos(now)), thread.getState() != Thread.State.RUNNABLE);
        if (account.born()) {
            account.usedCpu(CpuMeter.nanos(thread));
        } else if (account.lacksCpuMark()) {
            account.cpuMark(CpuMeter.nanos(thread));
        }
    }
}
