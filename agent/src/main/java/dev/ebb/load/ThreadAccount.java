package dev.ebb.load;

import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.ToLongFunction;

/**
 * What one thread has done for one load. Counted by that thread alone, sampled by Ebb's worker, read by anybody: a figure is right once the thread is
 * outside the load again, and at most one task behind while it is inside.
 *
 * <p>What costs a system call or a clock is not asked for at each task, which may take less than the asking: time inside and time off the processor are
 * sampled by the worker, and processor time is read by the thread itself only when it leaves after the worker has seen it inside, or ends.
 */
public final class ThreadAccount {
    private static final AtomicLongFieldUpdater<ThreadAccount> HEAP = AtomicLongFieldUpdater.newUpdater(ThreadAccount.class, "heap");
    private static final AtomicLongFieldUpdater<ThreadAccount> TASKS = AtomicLongFieldUpdater.newUpdater(ThreadAccount.class, "tasks");
    private static final AtomicLongFieldUpdater<ThreadAccount> MARK = AtomicLongFieldUpdater.newUpdater(ThreadAccount.class, "heapMark");
    private static final long UNKNOWN = -1;
    private static final int TRIES = 1000;

    private final long loadId;
    private final WeakReference<Thread> thread;
    private final Presence presence;
    private final String name;
    private final boolean born;
    private final long sinceNanos = System.nanoTime();
    /** How many tasks, bodies and lives of this thread for the load are on its stack now. */
    private volatile int depth;
    private volatile long tasks;
    /**
     * Bytes that it has allocated while it works for somebody else; while it works for the load, what is to be added to the thread's counter of allocated bytes to
     * get them, less 1: negative, since a thread has allocated at least as much in all as for one load. One number, so that whoever reads it meets no state between.
     */
    private volatile long heap;
    /** The counter when it last began, or went on, to work for the load. */
    private volatile long heapMark;
    private volatile long cpuNanos;
    /** The thread's processor time when the worker first saw it in this stay, or {@link #UNKNOWN}. */
    private volatile long cpuMarkNanos = UNKNOWN;
    private volatile long insideNanos;
    private volatile long offProcessorNanos;
    private volatile long endedNanos;

    /** @param thread weakly: one that has ended keeps what it ran (since JDK 19), and with that the future through which the load's result is read */
    ThreadAccount(long loadId, WeakReference<Thread> thread, String name, Presence presence, boolean born) {
        this.loadId = loadId;
        this.thread = thread;
        this.name = name;
        this.presence = presence;
        this.born = born;
        // the counter of a new thread counts for the load that has started it
        this.heap = born ? -1 : 0;
    }

    /** Whether this is an account of that load; it keeps no load alive. */
    public boolean isOf(Load load) {
        return loadId == load.id();
    }

    /** Null if it is gone; never while it is inside. */
    public Thread thread() {
        return thread.get();
    }

    public Presence presence() {
        return presence;
    }

    /** As the thread was called when it first worked for the load. */
    public String name() {
        return name;
    }

    /** Started by the load; else borrowed: lent by a pool, or the one that called the watched method. */
    public boolean born() {
        return born;
    }

    // ---- on the thread itself

    /** It begins to work for the load, or begins something within. */
    public void enter() {
        int now = depth;
        if (now == 0) {
            cpuMarkNanos = UNKNOWN;
        }
        depth = now + 1;
    }

    /** @return true if it is outside the load now */
    public boolean leave() {
        int now = depth - 1;
        depth = Math.max(0, now);
        return now <= 0;
    }

    public void ranTask() {
        TASKS.lazySet(this, tasks + 1);
    }

    /** What it allocates from now on is for the load. @param counter its counter of allocated bytes; negative if it has none */
    public void allocates(long counter) {
        long bytes = heap;
        if (bytes >= 0 && counter >= bytes) {
            MARK.lazySet(this, counter);
            HEAP.lazySet(this, bytes - counter - 1);
        }
    }

    /** What it allocates from now on is for somebody else. @param counter its counter of allocated bytes; negative if it has none */
    public void allocatesNoMore(long counter) {
        long before = heap;
        if (before < 0) {
            HEAP.lazySet(this, Math.max(counter, heapMark) + before + 1);
        }
    }

    /** Whether processor time is to be asked for at the end of this stay. */
    public boolean wantsCpu() {
        return cpuMarkNanos != UNKNOWN;
    }

    /** @param now the thread's processor time, in nanoseconds */
    public void leftWithCpu(long now) {
        long mark = cpuMarkNanos;
        cpuMarkNanos = UNKNOWN;
        if (mark != UNKNOWN && now > mark) {
            cpuNanos += now - mark;
        }
    }

    /** It has ended. @param cpu all processor time that it ever used if that was for the load, else -1 */
    public void ended(long cpu) {
        endedNanos = System.nanoTime();
        depth = 0;
        allocatesNoMore(UNKNOWN);
        if (cpu >= 0) {
            cpuNanos = cpu;
        }
    }

    // ---- on the worker

    /** It was inside during the last {@code nanos}, and {@code off} the processor when looked at. */
    public void sampled(long nanos, boolean off) {
        insideNanos += nanos;
        if (off) {
            offProcessorNanos += nanos;
        }
    }

    /** All that a thread which the load has started has used so far; -1 if that is not known. */
    public void usedCpu(long nanos) {
        if (nanos >= 0 && endedNanos == 0) {
            cpuNanos = nanos;
        }
    }

    public boolean lacksCpuMark() {
        return cpuMarkNanos == UNKNOWN && depth > 0;
    }

    public void cpuMark(long nanos) {
        cpuMarkNanos = nanos;
    }

    // ---- for reports

    public boolean inside() {
        return depth > 0;
    }

    public boolean hasEnded() {
        return endedNanos != 0;
    }

    /** Tasks that it has run to their end. */
    public long tasks() {
        return tasks;
    }

    /** Bytes, as of the last time that it turned to something else; 0 for a virtual thread, of which the JVM does not tell. */
    public long heapBytes() {
        for (int i = 0; i < TRIES; i++) {
            long bytes = heap;
            // changed only while it works for somebody else
            long mark = heapMark;
            if (bytes >= 0 || heap == bytes) {
                return bytes >= 0 ? bytes : mark + bytes + 1;
            }
        }
        return 0;
    }

    /**
     * Bytes up to this moment, also while it is inside.
     *
     * @param counter tells the allocated bytes of any thread, negative if that is not known
     */
    public long heapBytes(ToLongFunction<Thread> counter) {
        for (int i = 0; i < TRIES; i++) {
            long before = heap;
            Thread at = before < 0 && inside() ? thread() : null;
            long now = at == null ? UNKNOWN : counter.applyAsLong(at);
            if (now < 0) {
                break;
            }
            // unless it has turned to something else meanwhile
            if (heap == before) {
                return Math.max(0, now + before + 1);
            }
        }
        return heapBytes();
    }

    /** Without stays too short for the worker to see (50 ms), but for threads that the load has started; 0 for virtual threads. */
    public long cpuNanos() {
        return cpuNanos;
    }

    /** Sampled, every 50 ms at most. */
    public long insideNanos() {
        return insideNanos;
    }

    /** The part of {@link #insideNanos} in which it was blocked, waiting or asleep; sampled. */
    public long offProcessorNanos() {
        return offProcessorNanos;
    }

    /** From its first moment for the load until it ended, or until now. */
    public long wallNanos() {
        return (endedNanos != 0 ? endedNanos : System.nanoTime()) - sinceNanos;
    }

    /** How long ago the thread began to work for the load. @param now by {@link System#nanoTime}, perhaps of a moment before */
    public long ageNanos(long now) {
        return Math.max(0, now - sinceNanos);
    }

    boolean beganBefore(ThreadAccount other) {
        return sinceNanos - other.sinceNanos < 0;
    }

    /**
     * For people: {@code loader-1 born, ended after 812 ms, 3 tasks, 200 ms of processor, 500 ms blocked, 3000016 heap bytes}.
     *
     * @param counter as for {@link #heapBytes(ToLongFunction)}
     */
    String describe(ToLongFunction<Thread> counter) {
        String stay = hasEnded() ? "ended after " : inside() ? "inside for " : "seen over ";
        return name + (born ? " born, " : " lent, ") + stay + TimeUnit.NANOSECONDS.toMillis(wallNanos()) + " ms, " + tasks + " tasks, " + TimeUnit.NANOSECONDS.toMillis(cpuNanos)
            + " ms of processor, " + TimeUnit.NANOSECONDS.toMillis(offProcessorNanos) + " ms blocked, " + heapBytes(counter) + " heap bytes";
    }
}
