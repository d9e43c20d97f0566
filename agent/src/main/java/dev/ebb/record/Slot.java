package dev.ebb.record;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.load.Load;
import dev.ebb.load.Presence;
import dev.ebb.load.ReleaseCall;
import dev.ebb.load.Resource;
import dev.ebb.load.ThreadAccount;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What Ebb knows of one thread. Used by that thread alone. */
final class Slot {
    /**
     * A task with more loads than this is taken for a loop that serves many callers and perhaps never ends: nobody waits for its future to get the first of
     * them, and what is kept for each would grow without end.
     */
    private static final int MOST_CARRIED = 256;
    /** Never added to. */
    private static final ArrayDeque<Load> NONE = new ArrayDeque<>(1);

    private static final AtomicInteger SLOTS = new AtomicInteger();

    /** Those of threads that were first heard of one after the other follow each other. */
    final int number = SLOTS.getAndIncrement();
    /** Where Ebb's worker finds out what this thread does. */
    final Presence presence;
    /** What this thread takes from malloc: charged right before {@link #load} changes. */
    final MallocMeter malloc;
    /** The load that this thread works for now, or null. */
    Load load;
    /** The load whose body this thread is in now, begun in the present task; null if {@link #load} was only handed on to this thread. */
    Load body;
    /** How many watched methods deep this thread is in {@link #body}. */
    int depth;
    /** The count of missed enters and exits that this thread knows of, and whether its {@link #depth} can be believed. */
    private int missed;
    private boolean uncertain;
    /** Inside Ebb: what is taken now is Ebb's own. Release is still heard. */
    boolean busy;
    /** The next direct buffer is one that NIO keeps for this thread. */
    boolean nioBuffer;
    /** The record of the Unsafe block that this thread is reallocating, out of the index meanwhile; or null. */
    Resource reallocating;
    /** It is inside a call that maps a file. */
    private boolean mapping;
    /** The pool that this thread is starting a worker of, or null. */
    Object startingPool;
    /** What was put last into a future that this thread constructs, or null. */
    Task<?> wrapped;
    /** What stands in the future that this thread is cancelling, or null. */
    Task<?> cancelling;
    /** What checkpoints have thrown in this thread, of the load that it was last ended in; null if none has. */
    Checkpoints.Record ended;
    /** The call of a method that releases which this thread is in, or null. */
    ReleaseCall release;
    /** {@link ClassInits#count} when nothing on this thread's stack was seen to make what it takes the program's own; as long as that stands, no initialiser has come on it. */
    long initsSeen = -1;
    /** Bytes of blocks that this thread has taken for loads since its stack was last looked at for one. */
    long unlookedBytes;
    /** The path that the call going on now is about to create, or null. */
    String creating;
    /** The file for which {@link #creating} is to be another name, or null. */
    String linkedTo;
    /** Receiver and, if the pattern needs them, arguments of the load that this thread is in. */
    Object receiver;
    Object[] arguments;

    /** The account of this thread that was used last; of whichever load. */
    private ThreadAccount account;
    /** Stands for the thread of this slot in the accounts of loads. */
    private final WeakReference<Thread> self = new WeakReference<>(Thread.currentThread());
    /** What was interrupted by what goes on now, innermost; the first one stays empty. */
    private Frame top = new Frame(null);
    private final Presences presences;
    /** A load has started this thread. */
    private final boolean born;
    /** {@link #presences} has this one. */
    private boolean known;

    /** The futures that this thread is computing, outermost first. */
    private Object[] futures = new Object[4];
    private int futureCount;
    /** Futures below this one are computed by work that waits while this thread helps others. */
    private int futureBase;
    /** Loads whose body was left while the futures that carry them are still being computed. */
    private ArrayDeque<Load> carried = NONE;

    /** @param ofBorn the presence of a thread that a load has started, which {@code presences} has; null of another */
    Slot(MallocMeter malloc, Presence ofBorn, Presences presences) {
        this.malloc = malloc;
        this.presences = presences;
        this.born = ofBorn != null;
        this.known = born;
        this.presence = born ? ofBorn : new Presence(false);
    }

    // ---- what the thread does, and what it did before

    /** The thread works for that load from now on. */
    void workFor(Load its) {
        load = its;
        malloc.workFor(its);
        say();
    }

    /** @param own whether the load of this thread has opened it */
    void enterChannel(boolean own) {
        if (!mapping) {
            presence.entersChannel(own ? load : null);
        }
    }

    /** An interrupt while a file is mapped loses the mapping for good, whoever has opened the channel (JDK 17 to 25). */
    void enterMapping() {
        mapping = true;
        presence.moveTo(null);
    }

    void leaveMapping() {
        mapping = false;
        leaveChannel();
    }

    void leaveChannel() {
        if (mapping) {
            return;
        }
        presence.leavesChannel(top.below == null && presence.isPoolWorker() ? null : load);
    }

    private void say() {
        presence.moveTo(top.below == null && presence.isPoolWorker() ? null : load);
    }

    /** An enter or exit was missed while this thread was in {@link #body}, by whomever: from then on only its stack tells where it is. */
    boolean isUncertain() {
        int now = EbbBridge.missedBoundaries();
        if (missed != now) {
            missed = now;
            uncertain = body != null;
        } else if (top.below == null) {
            uncertain = false;
        }
        return uncertain;
    }

    /** Something else begins; it works for no load yet. */
    Frame push(Object key, Ticket ticket) {
        if (top.below == null) {
            // whatever failed while the thread left something before: it is in nothing but its life now
            presence.inside(born ? 1 : 0);
        }
        if (!known) {
            // first: if there is no memory for it, nothing begins
            presences.add(Thread.currentThread(), presence);
            known = true;
        }
        presence.moveTo(null);
        Frame frame = top.above;
        if (frame == null) {
            frame = new Frame(top);
            top.above = frame;
        }
        frame.key = key;
        frame.ticket = ticket;
        frame.load = load;
        frame.body = body;
        frame.depth = depth;
        frame.receiver = receiver;
        frame.arguments = arguments;
        frame.initsSeen = initsSeen;
        frame.beganBytes = HeapMeter.allocatedBytes();
        malloc.charge(load);
        malloc.workFor(null);
        if (load != null) {
            account(load).allocatesNoMore(frame.beganBytes);
        }
        if (top.below == null) {
            EbbBridge.INSIDE.incrementAndGet();
        }
        top = frame;
        load = null;
        body = null;
        depth = 0;
        receiver = null;
        arguments = null;
        return frame;
    }

    /** The thread helps others: the futures that it was computing have no part in that. */
    void hideFutures() {
        top.futureBase = futureBase;
        top.carried = carried;
        futureBase = futureCount;
        carried = NONE;
    }

    /** The innermost of {@link #push}; the one below all has no key. */
    Frame top() {
        return top;
    }

    /** What began last has ended. Whatever fails in here, the thread is where it was before. @param now the counter of allocated bytes */
    void pop(long now) {
        Load ended = load;
        boolean counted = top.counted;
        restore();
        try {
            malloc.left(ended);
            malloc.workFor(load);
            if (load != null) {
                account(load).allocates(now);
            }
            say();
        } finally {
            // last: until the thread has said that it has left, the program's interrupts are told from Ebb's
            if (counted) {
                presence.inside(presence.inside() - 1);
            }
        }
    }

    /** As {@link #pop} for that frame and all that began since, but only where the thread is; no account is kept. Cannot fail. */
    void restore(Frame frame) {
        int counted = 0;
        while (top != frame && top.below != null) {
            counted += top.counted ? 1 : 0;
            restore();
        }
        if (top == frame) {
            counted += top.counted ? 1 : 0;
            restore();
        }
        presence.inside(presence.inside() - counted);
    }

    private void restore() {
        Frame frame = top;
        top = frame.below;
        load = frame.load;
        body = frame.body;
        depth = frame.depth;
        receiver = frame.receiver;
        arguments = frame.arguments;
        initsSeen = frame.initsSeen;
        if (frame.carried != null) {
            futureBase = frame.futureBase;
            carried = frame.carried;
        }
        frame.clear();
        // last: with no stack left a call fails, and assignments do not
        if (top.below == null) {
            EbbBridge.INSIDE.decrementAndGet();
        }
    }

    /** Whether that frame is still on the stack. */
    boolean has(Frame frame) {
        Frame at = top;
        while (at != frame && at.below != null) {
            at = at.below;
        }
        return at == frame && at.below != null;
    }

    /** The outermost frame, or null. */
    Frame bottom() {
        Frame frame = top;
        while (frame.below != null && frame.below.below != null) {
            frame = frame.below;
        }
        return frame.below == null ? null : frame;
    }

    /** The innermost frame with that key, or null. */
    Frame find(Object key) {
        for (Frame frame = top; frame.below != null; frame = frame.below) {
            if (frame.key == key) {
                return frame;
            }
        }
        return null;
    }

    /** Whether anything that this thread does may have to do with loads. */
    boolean concerned() {
        return load != null || futureCount > futureBase || top.below != null;
    }

    /** The account of this thread with that load. */
    ThreadAccount account(Load of) {
        ThreadAccount last = account;
        if (last == null || !last.isOf(of)) {
            last = of.threads().ofCurrent(self, presence);
            account = last;
        }
        return last;
    }

    /** What has begun with that frame is work for a load. */
    void enter(Frame frame, Load its) {
        // first: it will be left, whatever fails here
        load = its;
        ThreadAccount mine = account(its);
        mine.enter();
        frame.counted = true;
        presence.inside(presence.inside() + 1);
        mine.allocates(frame.beganBytes);
        // there is nothing above it on the stack yet
        initsSeen = ClassInits.count();
        workFor(its);
    }

    /** The thread leaves what it did for {@link #load}. @param now the counter of allocated bytes, or -1 */
    ThreadAccount leave(long now) {
        Load left = load;
        ThreadAccount mine = account(left);
        mine.allocatesNoMore(now);
        if (mine.leave()) {
            if (mine.wantsCpu()) {
                mine.leftWithCpu(CpuMeter.nanos());
            }
            if (left.threads().trim(self, mine)) {
                account = null;
            }
        }
        return mine;
    }

    // ---- the futures that it computes

    void enterFuture(Object future) {
        // counted first: it will be left even if there is no memory to note it
        int at = futureCount++;
        if (at >= futures.length) {
            Object[] more = new Object[at * 2];
            System.arraycopy(futures, 0, more, 0, futures.length);
            futures = more;
        }
        futures[at] = future;
    }

    /** The future that this thread is computing, or null. */
    Object innermostFuture() {
        return futureCount == futureBase || futureCount > futures.length ? null : futures[futureCount - 1];
    }

    /** Loads whose body was left and that futures of this thread still carry. */
    Collection<Load> carried() {
        return carried;
    }

    /** @return the loads that no future of this thread carries any more; usually none */
    Collection<Load> leaveFuture() {
        if (futureCount == 0) {
            return List.of();
        }
        futureCount--;
        if (futureCount < futures.length) {
            futures[futureCount] = null;
        }
        if (futureCount > futureBase || carried.isEmpty()) {
            return List.of();
        }
        Collection<Load> ended = carried;
        carried = NONE;
        return ended;
    }

    List<WeakReference<Object>> futures() {
        if (futureCount <= futureBase) {
            return List.of();
        }
        List<WeakReference<Object>> all = new ArrayList<>(futureCount - futureBase);
        for (int i = futureBase; i < Math.min(futureCount, futures.length); i++) {
            if (futures[i] != null) {
                all.add(Carriers.reference(futures[i]));
            }
        }
        return all;
    }

    /** @return false if no future of this thread carries it */
    boolean carry(Load load) {
        if (futureCount <= futureBase) {
            return false;
        }
        if (carried == NONE) {
            carried = new ArrayDeque<>(4);
        }
        return carried.add(load);
    }

    /** @return the load that has been carried for longest, which is carried no more, if there are too many; else null */
    Load tooManyCarried() {
        return carried.size() > MOST_CARRIED ? carried.remove() : null;
    }
}
