package dev.ebb.load;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One execution of a watched method, with all that it causes in other threads. Written by the threads that work for it, read by Ebb's worker.
 *
 * <p>It is <em>open</em> until it is quiet: until its body was left, its threads have ended and its tasks have run or can never run. Every participant is
 * counted before the one that caused it goes, so the count reaches zero once.
 */
public final class Load {
    /** Blocks of which it is looked at whether the load takes them, or the program for itself on the way. */
    public static final int FIRST_BLOCKS = 4;

    private final long id;
    private final Site site;
    private final String label;
    private final Load parent;
    private final long startNanos = System.nanoTime();
    private final long rssBeforeBytes;
    private final long heapCommittedBytes = Runtime.getRuntime().totalMemory();
    private final Ledger ledger = new Ledger(this, Limits.ofThisJvm());
    private final StopOrder stop = new StopOrder();

    private final AtomicInteger participants = new AtomicInteger(1);
    /** Those of the participants that wait for a future to be completed, by whomever. */
    private final AtomicInteger stages = new AtomicInteger();
    private final ThreadAccounts threads;
    private final PendingTasks pending = new PendingTasks();
    private final AtomicLong nativeBytes = new AtomicLong();
    private int blocks;
    private volatile boolean nativeCounted;
    private volatile LoadArena arena;
    private volatile long rssPeakBytes;
    private volatile long anonymousPeakBytes;
    private volatile Surroundings surroundings;

    private volatile long quietMillis;
    private volatile boolean left;
    private volatile long leftNanos;
    private volatile boolean tasksLeftBehind;
    private volatile Throwable thrown;
    private volatile LateResult result;
    private volatile WeakReference<CompletableFuture<?>> returned;

    private final LoadFutures futures = new LoadFutures();
    private volatile boolean timeoutInside;
    private volatile boolean pastDeadline;

    private final AtomicBoolean queued = new AtomicBoolean();
    private final AtomicBoolean lastWord = new AtomicBoolean();

    public Load(long id, Site site, String label, Load parent, long rssBeforeBytes) {
        this.id = id;
        this.site = site;
        this.label = label;
        this.parent = parent;
        this.rssBeforeBytes = rssBeforeBytes;
        this.rssPeakBytes = rssBeforeBytes;
        this.threads = new ThreadAccounts(id);
    }

    // ---- what it is

    public long id() {
        return id;
    }

    public Site site() {
        return site;
    }

    /** As the pattern's {@code as} template gives it, or {@code -}. */
    public String label() {
        return label;
    }

    /** The load in whose work this one began in another thread, or null. */
    public Load parent() {
        return parent;
    }

    public Ledger ledger() {
        return ledger;
    }

    public LoadFutures futures() {
        return futures;
    }

    public long startNanos() {
        return startNanos;
    }

    /** From its beginning until its body was left, or until now. */
    public long durationNanos() {
        return (left ? leftNanos : System.nanoTime()) - startNanos;
    }

    public long rssBeforeBytes() {
        return rssBeforeBytes;
    }

    /** How much of the Java heap was committed when it began. */
    public long heapCommittedBeforeBytes() {
        return heapCommittedBytes;
    }

    public long rssPeakBytes() {
        return rssPeakBytes;
    }

    /** The most that was not pages of mapped files or shared memory; 0 if it was never sampled. */
    public long anonymousPeakBytes() {
        return anonymousPeakBytes;
    }

    /**
     * Called by the worker alone, as it samples.
     *
     * @param bytes RSS
     * @param sharedBytes of that, pages of mapped files and shared memory
     */
    public void sawRss(long bytes, long sharedBytes) {
        rssPeakBytes = Math.max(rssPeakBytes, bytes);
        anonymousPeakBytes = Math.max(anonymousPeakBytes, bytes - sharedBytes);
    }

    /** What there was besides when it began; null if it was over too soon to be seen. */
    public Surroundings surroundings() {
        return surroundings;
    }

    /** Called by the worker alone. */
    public void beganIn(Surroundings seen) {
        surroundings = seen;
    }

    /** Bytes that its threads have allocated in the heap up to now, whether they are garbage by now or not; not of virtual threads. */
    public long heapBytes() {
        return threads.heapBytes();
    }

    /**
     * Bytes of malloc that its threads have taken and not given back, of threads that have left it, without what the ledger lists. A block that another thread frees stays counted, and
     * native threads of an engine are not seen.
     *
     * @return -1 if nothing was counted: another allocator than jemalloc, or no native library yet
     */
    public long nativeBytes() {
        return nativeCounted ? Math.max(0, nativeBytes.get()) : -1;
    }

    /** The arena that its threads allocate from; null without {@code ebb.arena=per-load}, and once the load is decided. */
    public LoadArena arena() {
        return arena;
    }

    /** To be called before any thread works for it, and with null when none does any more. */
    public void arena(LoadArena its) {
        arena = its;
    }

    public void addNativeBytes(long bytes) {
        nativeBytes.addAndGet(bytes);
        nativeCounted = true;
    }

    /** The order to its threads to end. */
    public StopOrder stop() {
        return stop;
    }

    /** The order that this load, or one that it works for, was given; null if there is none. */
    public StopOrder stopOrder() {
        for (Load load = this; load != null; load = load.parent) {
            if (load.stop.isGiven()) {
                return load.stop;
            }
        }
        return null;
    }

    // ---- what it takes

    /** Whether this is one of the first few blocks of memory that it takes; some more if several threads take them at once. */
    public boolean isAmongTheFirstBlocks() {
        return blocks < FIRST_BLOCKS && blocks++ < FIRST_BLOCKS;
    }

    // ---- who works for it

    /** Somebody will work for it: a task was queued, a thread is about to start. To be called by somebody who does already. */
    public void join() {
        participants.incrementAndGet();
    }

    /** @return true for the one call that made it quiet */
    public boolean leave() {
        boolean last = participants.decrementAndGet() == 0;
        if (last) {
            quietMillis = System.currentTimeMillis();
        }
        return last;
    }

    /** Milliseconds since the epoch when it became quiet. */
    public long quietMillis() {
        return quietMillis;
    }

    public boolean quiet() {
        return participants.get() == 0;
    }

    /** Tasks queued or running, threads alive, and its body. */
    public int participants() {
        return participants.get();
    }

    /** One of the participants waits for a future. */
    public void stageWaits() {
        stages.incrementAndGet();
    }

    /** It runs, or never will. */
    public void stageWaitsNoMore() {
        stages.decrementAndGet();
    }

    /** Whether all that it still waits for are futures, which somebody else may complete, or nobody. */
    public boolean onlyStagesWait() {
        int waiting = stages.get();
        return waiting > 0 && participants.get() == waiting;
    }

    public ThreadAccounts threads() {
        return threads;
    }

    /** Threads that are inside it at this moment. */
    public Set<Thread> inside() {
        return threads.threadsInside();
    }

    /** Its tasks that have not run yet. */
    public PendingTasks pending() {
        return pending;
    }

    /** It has started this thread. @param presence where the thread will say what it does; a worker of a pool works for the load in its tasks alone */
    public void born(Thread thread, Presence presence) {
        if (!presence.isPoolWorker()) {
            presence.moveTo(this);
        }
        threads.born(thread, presence);
    }

    /** A thread that it has started has ended. @param cpuNanos all processor time that the thread has used, or -1 if that is not known */
    public void ended(Thread thread, long cpuNanos) {
        threads.ended(thread, cpuNanos);
    }

    /** Threads that it has started and that have not ended. */
    public Set<Thread> bornThreads() {
        return threads.bornAlive();
    }

    public int threadsBorn() {
        return threads.born();
    }

    // ---- how it ends

    /** The body was left, by a return or by {@code cause}; called once, before the body leaves the participants. */
    public void leftBy(Throwable cause) {
        thrown = cause;
        leftNanos = System.nanoTime();
        tasksLeftBehind = participants.get() > 1;
        left = true;
    }

    public boolean left() {
        return left;
    }

    /** By {@link System#nanoTime}; meaningful once {@link #left}. */
    public long leftNanos() {
        return leftNanos;
    }

    public Throwable thrown() {
        return thrown;
    }

    /** A TimeoutException was seen inside it, and tasks of it were still running when its body was left. */
    public boolean gaveUpOnItsOwnTasks() {
        return timeoutInside && tasksLeftBehind;
    }

    public void sawTimeoutInside() {
        timeoutInside = true;
    }

    /** It has ended well in every way, nobody gave up on it, and nothing of it goes on. */
    public boolean isPlainSuccess() {
        return left && thrown == null && quiet() && futures.haveSettled(System.nanoTime()) && !futures.callerGaveUp() && futures.cancelled() == null && !pastDeadline
            && !gaveUpOnItsOwnTasks();
    }

    public LateResult result() {
        return result;
    }

    public void result(LateResult late) {
        result = late;
    }

    /** Its body has returned a future that was not completed yet: what it is computed by is the load's. */
    public void returned(CompletableFuture<?> future) {
        returned = new WeakReference<>(future);
    }

    /** Whether the future that its body has returned is still to be completed. */
    public boolean returnedFutureIsOpen() {
        WeakReference<CompletableFuture<?>> reference = returned;
        CompletableFuture<?> future = reference == null ? null : reference.get();
        return future != null && !future.isDone();
    }

    /** Whether it is known by now that nobody may want it, or a load that it works for: it will be rolled back if that proves true. */
    public boolean isGivenUp() {
        for (Load load = this; load != null; load = load.parent) {
            if (load.futures.callerGaveUp() || load.futures.cancelled() != null || load.pastDeadline || load.gaveUpOnItsOwnTasks() || load.thrown instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Whether its body takes longer than the user has said that it may, and nobody has noted it yet. */
    public boolean isPastItsDeadline() {
        long deadline = site.deadlineNanos();
        return deadline > 0 && !left && !pastDeadline && durationNanos() > deadline;
    }

    public void passedDeadline() {
        pastDeadline = true;
    }

    public boolean pastDeadline() {
        return pastDeadline;
    }

    /** True for the one who is to say, or count, how it has ended. */
    public boolean takeLastWord() {
        return lastWord.compareAndSet(false, true);
    }

    /** True if it was not in the worker's queue yet. */
    public boolean enqueue() {
        return queued.compareAndSet(false, true);
    }

    public void dequeued() {
        queued.set(false);
    }

    /** Nothing of its result is held through this load any more. */
    public void letGoOfResult() {
        LateResult late = result;
        if (late != null) {
            late.forget();
        }
    }

    /** The end of the account: nothing of the program is held through this load any more. */
    public void forget() {
        letGoOfResult();
        thrown = null;
    }
}
