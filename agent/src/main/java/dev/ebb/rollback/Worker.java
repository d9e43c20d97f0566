package dev.ebb.rollback;

import dev.ebb.load.Load;
import dev.ebb.load.LoadListener;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Memory;
import dev.ebb.load.ReleaseCall;
import dev.ebb.load.Trouble;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Ebb's one thread: looks at each load whose state changed, samples RSS while loads are open, and lets {@link Cases} climb. Application threads only put a
 * load into its queue. Holds no lock of the program's.
 */
public final class Worker implements LoadListener, Runnable {
    /** RSS is sampled this often while a load is open: a peak between two samples is missed, and one sample costs about a microsecond. */
    private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** With thousands of loads open at most one part in this many of the time goes into samples, as long as they are not further apart than this. */
    private static final int SAMPLE_SHARE = 100;
    private static final long LONGEST_SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How often loads on the ladder are looked at: those that become quiet within this time share a collection. */
    private static final long CLIMB_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How long loads are looked at before anything else gets its turn. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long TURN_MILLIS = 5000;
    /** How often whoever stops the worker looks whether its round is over; meanwhile the worker has the processor. */
    private static final long TURN_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final LoadRegistry registry;
    private final Memory memory;
    private final Supplier<Cases> ladder;
    private final Periodic periodic;
    private final Trouble trouble;
    private final Queue<Load> changed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    /** More loads than this do not wait in the queue. */
    private final int queueLimit;
    private final Queue<ReleaseCall> releases = new ConcurrentLinkedQueue<>();
    private final AtomicInteger releasesQueued = new AtomicInteger();
    private final LongAdder passedOver = new LongAdder();
    /** Loads that did not get into the queue are to be found among all that are undecided. */
    private volatile boolean missed;
    private volatile Thread thread;
    private volatile boolean sampling;
    /** Of the worker alone: when it has sampled last, and how long the last sample took. */
    private long sampledNanos;
    private long sampleTookNanos;
    /** How much later it may sample again. Written by the worker. */
    private volatile long sampleAgainNanos;
    private volatile long rssBytes;
    private volatile boolean stopped;
    private volatile boolean left;
    private volatile boolean started;
    /** Held while loads are looked at: by the worker, and at the end for good by whoever stops it. */
    private final AtomicBoolean turn = new AtomicBoolean();
    /** Null at first: some sixty classes, which a start need not wait for. Used by whoever has the turn. */
    private volatile Cases cases;
    private boolean broken;

    /** What is done now and then beside loads; on the worker. */
    public interface Periodic {
        /** Once, before anything else. */
        void started();

        /** About once a second. */
        void tick();

        /** So many loads completed faster than they could be said one by one. */
        void passedOver(long loads);

        boolean wantsSamples();

        /** RSS was read, as often as the worker does while a load is open or being rolled back; only if samples are wanted. */
        void sampled(long rssBytes, long sharedBytes);
    }

    /**
     * @param ladder makes what looks at loads; called once, on the worker or on who stops it
     * @param queueLimit how many loads may wait to be looked at: beyond that, good ones are counted only
     */
    public Worker(LoadRegistry registry, Memory memory, Supplier<Cases> ladder, Periodic periodic, Trouble trouble, int queueLimit) {
        this.queueLimit = queueLimit;
        this.registry = registry;
        this.memory = memory;
        this.ladder = ladder;
        this.periodic = periodic;
        this.trouble = trouble;
    }

    /**
     * The program ends: no more rung is climbed, what has ended is said. On the calling thread, one of Ebb's; waits for the worker no longer than
     * {@value #TURN_MILLIS} ms, and not at all when it is idle.
     */
    public void stop() {
        stopped = true;
        long giveUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS);
        while (!turn.compareAndSet(false, true)) {
            if (System.nanoTime() > giveUp) {
                return;
            }
            LockSupport.parkNanos(this, TURN_LOOK_NANOS);
        }
        startOnce();
        guarded(Work.PASSED_OVER);
        guarded(Work.END);
        while (!changed.isEmpty()) {
            guarded(Work.LOADS);
        }
    }

    /** As {@link #stop}, while the program goes on: the worker ends. @return whether it has, within {@value #TURN_MILLIS} ms more */
    public boolean leave() {
        stop();
        left = true;
        Thread worker = thread;
        if (worker == null) {
            // it has not begun, and ends as soon as it does
            return true;
        }
        LockSupport.unpark(worker);
        try {
            worker.join(TURN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !worker.isAlive();
    }

    /** Before anything is heard of loads: what it takes shall not fall into the first one, nor into the end of a short program. On one of Ebb's threads. */
    public void prepare() {
        guarded(Work.LADDER);
        guarded(Work.MEMORY);
    }

    // ---- on threads of the program

    @Override
    public long residentBytes() {
        return sampling && sampleAgainNanos <= SAMPLE_NANOS ? rssBytes : memory.recentResidentBytes();
    }

    @Override
    public void began(Load load) {
        if (!sampling) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void changed(Load load) {
        if (queued.get() >= queueLimit) {
            passOver(load);
        } else if (load.enqueue()) {
            queued.incrementAndGet();
            changed.add(load);
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void released(ReleaseCall call) {
        if (releasesQueued.get() < queueLimit) {
            releasesQueued.incrementAndGet();
            releases.add(call);
            LockSupport.unpark(thread);
        }
    }

    /** The worker does not keep up. What waits for it must not fill the program's heap, so a load of which nothing but its success can be said is let go. */
    private void passOver(Load load) {
        if (load.isPlainSuccess() && load.enqueue()) {
            if (registry.passOver(load)) {
                count(load);
                return;
            }
            load.dequeued();
        }
        missed = true;
    }

    // ---- on the worker

    /** The worker's whole life, on the thread that is to be Ebb's one. */
    @Override
    public void run() {
        // who has told of a load before now has woken nobody; the first round looks at all
        thread = Thread.currentThread();
        registry.ignoreThisThread();
        if (!turn.compareAndSet(false, true)) {
            // the program has ended before this thread began
            return;
        }
        startOnce();
        turn.set(false);
        long ticked = System.nanoTime();
        long climbed = ticked;
        while (!left && !stopped && turn.compareAndSet(false, true)) {
            // an interrupt of its thread group is not meant for Ebb, and would make every wait return at once
            Thread.interrupted();
            long now = System.nanoTime();
            if (!sampling || now - sampledNanos >= sampleAgainNanos) {
                guarded(Work.SAMPLE);
                sampledNanos = System.nanoTime();
                long took = sampledNanos - now;
                // one that took long may have been kept from the processor
                sampleAgainNanos = Math.min(LONGEST_SAMPLE_NANOS, SAMPLE_SHARE * Math.min(took, sampleTookNanos));
                sampleTookNanos = took;
            }
            guarded(Work.LOADS);
            if (now - climbed >= CLIMB_NANOS) {
                climbed = now;
                guarded(Work.ROLLBACK);
            }
            if (now - ticked >= IDLE_NANOS) {
                ticked = now;
                guarded(Work.TICK);
            }
            turn.set(false);
            if (changed.isEmpty() && releases.isEmpty() && !stopped) {
                LockSupport.parkNanos(this, sampling ? SAMPLE_NANOS : cases != null && cases.needAttention() ? CLIMB_NANOS : IDLE_NANOS);
            }
        }
    }

    private void startOnce() {
        if (!started) {
            started = true;
            guarded(Work.START);
        }
    }

    private void sample() {
        boolean open = false;
        long rss = 0;
        for (Load load : registry.undecided()) {
            if (!load.quiet()) {
                rss = rss == 0 ? memory.residentBytes() : rss;
                open = true;
                load.sawRss(rss, memory.residentSharedBytes());
                cases().saw(load);
                checkDeadline(load);
            }
        }
        if (open) {
            registry.sampleThreads();
            // before the flag, and never taken back: a load that begins beside the last sample must not find 0
            rssBytes = rss;
        }
        if ((open || cases != null && cases.needAttention()) && periodic.wantsSamples()) {
            periodic.sampled(open ? rss : memory.residentBytes(), memory.residentSharedBytes());
        }
        sampling = open;
    }

    private void checkDeadline(Load load) {
        if (load.isPastItsDeadline()) {
            load.passedDeadline();
            changed(load);
        }
    }

    private void lookAtChanged() {
        registry.reap();
        long end = System.nanoTime() + LOOK_NANOS;
        for (Load load = changed.poll(); load != null; load = System.nanoTime() - end < 0 ? changed.poll() : null) {
            queued.decrementAndGet();
            load.dequeued();
            load.sawRss(memory.residentBytes(), memory.residentSharedBytes());
            cases().look(load);
        }
        for (ReleaseCall call = releases.poll(); call != null; call = releases.poll()) {
            releasesQueued.decrementAndGet();
            cases().released(call);
        }
    }

    private void tick() {
        registry.reapThreads();
        cases().tick();
        periodic.tick();
        if (missed) {
            missed = false;
            for (Load load : new ArrayList<>(registry.undecided())) {
                if (load.isPlainSuccess() && registry.passOver(load)) {
                    count(load);
                } else {
                    cases().look(load);
                }
            }
        }
        countPassedOver();
    }

    /** Unless it was said just now, or when it went on after its grace. */
    private void count(Load load) {
        if (load.takeLastWord()) {
            passedOver.increment();
        }
    }

    private void countPassedOver() {
        long loads = passedOver.sumThenReset();
        if (loads > 0) {
            periodic.passedOver(loads);
        }
    }

    /** @throws IllegalStateException if it cannot be made; the first time it says why */
    private synchronized Cases cases() {
        if (broken) {
            throw new IllegalStateException("no load can be rolled back, since Ebb's ladder could not be made");
        }
        if (cases == null) {
            broken = true;
            cases = ladder.get();
            broken = false;
        }
        return cases;
    }

    private void guarded(Work work) {
        try {
            run(work);
        } catch (Throwable t) {
            trouble.report(work.name, t, null);
        }
    }

    private void run(Work work) {
        switch (work) {
            case START -> periodic.started();
            case MEMORY -> memory.prepare();
            case LADDER -> cases();
            case SAMPLE -> sample();
            case LOADS -> lookAtChanged();
            case TICK -> tick();
            case PASSED_OVER -> countPassedOver();
            case END -> {
                // before the last loads are looked at, which then need not settle
                if (cases != null || !changed.isEmpty()) {
                    cases().end();
                }
            }
            default -> {
                if (cases != null) {
                    cases.climb();
                }
            }
        }
    }

    /** A table and not lambdas: their machinery would take a tenth of Ebb's start. */
    private enum Work {
        START("worker start"), MEMORY("worker memory"), LADDER("worker ladder"), SAMPLE("worker sample"), LOADS("worker loads"), ROLLBACK("worker rollback"), TICK("worker tick"), PASSED_OVER("worker loads"),
        END("worker loads");

        private final String name;

        Work(String name) {
            this.name = name;
        }
    }
}
