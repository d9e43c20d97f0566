package dev.ebb.load;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * The threads that have worked for one load. Those that are inside now are all known; of the others, the first {@value #DETAILS} by themselves and the rest
 * as a sum. Safe for any thread; blocks nobody.
 */
public final class ThreadAccounts {
    private static final int DETAILS = 256;

    private final long loadId;
    /** Of threads that the load has started by thread, of others by what stands for them: Ebb must not keep a thread that may have ended unnoticed. */
    private final ConcurrentHashMap<Object, ThreadAccount> present = new ConcurrentHashMap<>(4);
    private final Queue<ThreadAccount> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final AtomicInteger born = new AtomicInteger();
    private final AtomicInteger borrowed = new AtomicInteger();
    private final AtomicLong restTasks = new AtomicLong();
    private final AtomicLong restHeapBytes = new AtomicLong();
    private final AtomicLong restCpuNanos = new AtomicLong();

    /** Of any thread, what it has ever allocated. */
    private ToLongFunction<Thread> heapCounter = Uncounted.INSTANCE;

    /** A class and no lambda: the first load of a program links none. */
    private enum Uncounted implements ToLongFunction<Thread> {
        INSTANCE;

        @Override
        public long applyAsLong(Thread thread) {
            return -1;
        }
    }

    ThreadAccounts(long loadId) {
        this.loadId = loadId;
    }

    /** Before anybody else knows the load. @param counter the allocated bytes of any thread, negative if that is not known */
    public void countHeapBy(ToLongFunction<Thread> counter) {
        heapCounter = counter;
    }

    /** The account of the calling thread. @param self stands for the calling thread, always the same */
    public ThreadAccount ofCurrent(WeakReference<Thread> self, Presence presence) {
        Thread thread = Thread.currentThread();
        ThreadAccount account = present.get(self);
        if (account == null) {
            account = present.get(thread);
        }
        if (account == null) {
            account = new ThreadAccount(loadId, self, thread.getName(), presence, false);
            borrowed.incrementAndGet();
            kept.incrementAndGet();
            present.put(self, account);
        }
        return account;
    }

    /** The load has started this thread, which is inside it until it ends. */
    void born(Thread thread, Presence presence) {
        ThreadAccount account = new ThreadAccount(loadId, new WeakReference<>(thread), thread.getName(), presence, true);
        account.enter();
        born.incrementAndGet();
        kept.incrementAndGet();
        present.put(thread, account);
    }

    /** Where a thread that is inside says what it does; null of another. */
    public Presence presenceOf(Thread thread) {
        for (ThreadAccount account : present.values()) {
            if (account.inside() && account.thread() == thread) {
                return account.presence();
            }
        }
        return null;
    }

    /** The calling thread is outside now and may never come back: beyond the bound it is remembered in the sum alone. @return true if it was forgotten */
    public boolean trim(WeakReference<Thread> self, ThreadAccount account) {
        if (kept.get() <= DETAILS) {
            return false;
        }
        if (present.remove(self, account)) {
            addToRest(account);
        }
        return true;
    }

    /** A thread that the load has started has ended. @param cpuNanos all that it used, or -1 */
    void ended(Thread thread, long cpuNanos) {
        ThreadAccount account = present.remove(thread);
        if (account != null) {
            account.ended(cpuNanos);
            if (kept.get() <= DETAILS) {
                ended.add(account);
            } else {
                addToRest(account);
            }
        }
    }

    private void addToRest(ThreadAccount account) {
        restTasks.addAndGet(account.tasks());
        restHeapBytes.addAndGet(account.heapBytes());
        restCpuNanos.addAndGet(account.cpuNanos());
        kept.decrementAndGet();
    }

    /** Those that are inside at this moment. */
    public List<ThreadAccount> inside() {
        List<ThreadAccount> inside = new ArrayList<>();
        for (ThreadAccount account : present.values()) {
            if (account.inside()) {
                inside.add(account);
            }
        }
        return inside;
    }

    Set<Thread> threadsInside() {
        Set<Thread> threads = new HashSet<>();
        for (ThreadAccount account : present.values()) {
            Thread thread = account.inside() ? account.thread() : null;
            if (thread != null) {
                threads.add(thread);
            }
        }
        return threads;
    }

    Set<Thread> bornAlive() {
        Set<Thread> threads = new HashSet<>();
        for (Object key : present.keySet()) {
            if (key instanceof Thread) {
                threads.add((Thread) key);
            }
        }
        return threads;
    }

    /** Every thread of which details are kept. */
    public List<ThreadAccount> list() {
        List<ThreadAccount> all = new ArrayList<>(ended);
        all.addAll(present.values());
        return all;
    }

    /** What each thread has done so far, for people, in the order in which they came. @param most how many at most; the rest is counted in a last line */
    public List<String> describe(int most) {
        List<ThreadAccount> all = list();
        all.sort((one, other) -> one.beganBefore(other) ? -1 : other.beganBefore(one) ? 1 : 0);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < all.size() && i < most; i++) {
            lines.add(all.get(i).describe(heapCounter));
        }
        int more = born() + borrowed() - lines.size();
        if (more > 0) {
            lines.add("and " + more + " more threads");
        }
        return lines;
    }

    public int born() {
        return born.get();
    }

    /** Threads that worked for it without being started by it, the one of its body among them. */
    public int borrowed() {
        return borrowed.get();
    }

    public long tasks() {
        long sum = restTasks.get();
        for (ThreadAccount account : list()) {
            sum += account.tasks();
        }
        return sum;
    }

    /** Up to this moment, of threads that are inside as well. */
    public long heapBytes() {
        long sum = restHeapBytes.get();
        for (ThreadAccount account : list()) {
            sum += account.heapBytes(heapCounter);
        }
        return sum;
    }

    public long cpuNanos() {
        long sum = restCpuNanos.get();
        for (ThreadAccount account : list()) {
            sum += account.cpuNanos();
        }
        return sum;
    }
}
