package dev.ebb.load;

import dev.ebb.load.Tally.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * What one load has taken and not given back, with totals by kind. Once its load was decided it is an <em>account</em>: small, and without
 * the load.
 *
 * <p>Assumes: any number of threads add and release at once; a resource is added once. Guarantees: a lock is held for a few instructions and for what the same few threads have taken alone, never while
 * anything is allocated that grows with the load, and never together with another one; totals are exact once the calls that changed them have returned;
 * a released resource is let go of at once; {@link #live} is exact when no thread is in the load any more.
 *
 * <p>Beyond {@link Limits#recordsOfOneLoad} a resource is counted and not recorded. Nobody can tell then when it is given back: it stays in the totals of
 * what is live, which is said beside them ({@link #unrecordedCount()}).
 */
public final class Ledger {
    /** From this size on, and for the first few of a kind, the stack is kept: it costs 1 to 2 microseconds, and 1.3 KiB of heap at a depth of 60. */
    private static final long STACK_FROM_BYTES = 1 << 20;
    private static final long STACKS_AT_FIRST = 16;
    private static final int STACKS_OF_ONE_LOAD = 512;
    /** Of those, for large ones alone: however many threads take small ones. */
    private static final int STACKS_OF_LARGE_ONES = 128;
    /** Threads with one lock took 0.3 to 0.5 of what they take without Ebb ({@code benchmarks/scale}). A power of two, at most 128. */
    private static final int PARTS = 16;
    /** A part takes the room for records in portions, so that it seldom has to ask: this part of all there is. */
    private static final int PORTIONS = 1_024;
    private static final LedgerPart[] NONE = new LedgerPart[PARTS];
    private static final AtomicIntegerFieldUpdater<Ledger> ROOM = AtomicIntegerFieldUpdater.newUpdater(Ledger.class, "room");
    private static final AtomicIntegerFieldUpdater<Ledger> STACKS = AtomicIntegerFieldUpdater.newUpdater(Ledger.class, "stacks");

    private final Limits limits;
    /** The load, or who it was: an {@link Owner}. */
    private volatile Object owner;
    /** By the thread that takes; null where none has taken anything, since many loads take nothing, and most by one thread. Replaced as a whole. */
    private volatile LedgerPart[] parts = NONE;
    /** Records that parts have room for. */
    private volatile int room;
    private volatile int stacks;
    private volatile boolean releaseSeen;

    /** Whose ledger an account was. */
    private record Owner(long load, Site site, String label, long leftNanos) { }

    Ledger(Load load, Limits limits) {
        this.owner = load;
        this.limits = limits;
    }

    // ---- whose it is

    /** Null once it was decided: what it still holds does not keep it. */
    public Load load() {
        Object of = owner;
        return of instanceof Load ? (Load) of : null;
    }

    /** The number of its load. */
    public long id() {
        Object of = owner;
        return of instanceof Load ? ((Load) of).id() : ((Owner) of).load;
    }

    public Site site() {
        Object of = owner;
        return of instanceof Load ? ((Load) of).site() : ((Owner) of).site;
    }

    public String label() {
        Object of = owner;
        return of instanceof Load ? ((Load) of).label() : ((Owner) of).label;
    }

    /** When the body of its load was left, by {@link System#nanoTime}; now, if it was not. */
    public long leftNanos() {
        Object of = owner;
        return of instanceof Owner ? ((Owner) of).leftNanos : ((Load) of).left() ? ((Load) of).leftNanos() : System.nanoTime();
    }

    /** The program has called what releases that which the load has brought in. @return true for the first time */
    public synchronized boolean sawRelease() {
        boolean first = !releaseSeen;
        releaseSeen = true;
        return first;
    }

    public boolean isReleaseSeen() {
        return releaseSeen;
    }

    // ---- what changes it

    /** As {@link #add(Resource, int)}, of whichever thread. */
    public boolean add(Resource resource) {
        return add(resource, 0);
    }

    /**
     * @param thread a number of the calling thread: those with different ones are seldom in each other's way
     * @return false if there is no room for one more record: it is counted, and to be forgotten
     */
    public boolean add(Resource resource, int thread) {
        resource.part = (byte) (thread & PARTS - 1);
        return partOf(resource).add(resource);
    }

    private LedgerPart partOf(Resource resource) {
        LedgerPart part = parts[resource.part];
        return part == null ? newPart(resource.part) : part;
    }

    private synchronized LedgerPart newPart(int number) {
        if (parts[number] == null) {
            LedgerPart[] more = parts.clone();
            more[number] = new LedgerPart(this, !(owner instanceof Load));
            parts = more;
        }
        return parts[number];
    }

    /** Whether the caller of {@link #add} is asked to keep the stack. */
    public boolean wantsStack(Resource resource) {
        return resource.sampled;
    }

    /** More bytes in an arena. */
    public void grow(Resource arena, long bytes) {
        partOf(arena).grow(arena, bytes);
    }

    /** @return true if it was not released before */
    public boolean release(Resource resource) {
        return partOf(resource).release(resource);
    }

    /** There is no room for this one where it could be found again: it stays counted and is forgotten. */
    public void forgetRecord(Resource resource) {
        partOf(resource).forgetRecord(resource);
    }

    // ---- what its parts share; called with the lock of one of them held

    /** @return for how many more records there is room; 0 if for none */
    int takeRoom() {
        int all = limits.recordsOfOneLoad();
        for (int taken = room; taken < all; taken = room) {
            int portion = Math.min(portion(), all - taken);
            if (ROOM.compareAndSet(this, taken, taken + portion)) {
                return portion;
            }
        }
        return 0;
    }

    /** @param free how many records a part has room for; @return how many it keeps room for */
    int giveBackRoom(int free) {
        int portion = portion();
        if (free <= 2 * portion) {
            return free;
        }
        ROOM.addAndGet(this, -portion);
        return free - portion;
    }

    private int portion() {
        return Math.max(1, limits.recordsOfOneLoad() / PORTIONS);
    }

    /** @param taken how many of this kind its part has taken, this one included; @return whether its stack is to be kept */
    boolean takeStack(Resource resource, long taken) {
        boolean small = resource.bytes() < STACK_FROM_BYTES;
        int most = small ? STACKS_OF_ONE_LOAD - STACKS_OF_LARGE_ONES : STACKS_OF_ONE_LOAD;
        if (small && taken > STACKS_AT_FIRST || stacks >= most || !limits.takeStack()) {
            return false;
        }
        STACKS.incrementAndGet(this);
        return true;
    }

    void giveStackBack() {
        STACKS.decrementAndGet(this);
        limits.giveStackBack();
    }

    // ---- how it becomes an account

    /** Instead of the stack of a resource, which keeps classes, its text. @param place null for none */
    void keepPlace(Resource resource, String place) {
        partOf(resource).keepPlace(resource, place);
    }

    /** Its load was decided, and is kept by it no more. Called once. */
    void close() {
        for (LedgerPart part : becomeAccount()) {
            if (part != null) {
                part.close();
            }
        }
    }

    /** @return the parts that are not those of an account yet */
    private synchronized LedgerPart[] becomeAccount() {
        owner = new Owner(id(), site(), label(), leftNanos());
        return parts;
    }

    // ---- what is in it

    /** Nothing is recorded in it; there may have been more than was recorded. Exact when no thread is in the load any more. */
    public boolean isEmpty() {
        for (LedgerPart part : parts) {
            if (part != null && !part.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    public long liveBytes(ResourceKind kind) {
        return recorded(Measure.BYTES, kind) + unrecorded(Measure.BYTES, kind);
    }

    public long liveCount(ResourceKind kind) {
        return recorded(Measure.COUNT, kind) + unrecorded(Measure.COUNT, kind);
    }

    /** How many of this kind the load has ever taken; not known of an account. */
    public long takenCount(ResourceKind kind) {
        long sum = 0;
        for (LedgerPart part : parts) {
            sum += part == null ? 0 : part.taken(kind);
        }
        return sum;
    }

    /** As {@link #liveBytes}, without what is beyond the limit of records: nobody knows whether that was given back. */
    public long recordedBytes(ResourceKind kind) {
        return recorded(Measure.BYTES, kind);
    }

    /** As {@link #liveCount}, without what is beyond the limit of records. */
    public long recordedCount(ResourceKind kind) {
        return recorded(Measure.COUNT, kind);
    }

    /** Beyond the limit of records, of all kinds; part of {@link #liveBytes}. */
    public long unrecordedBytes() {
        return unrecorded(Measure.BYTES, null);
    }

    /** Beyond the limit of records, of all kinds; part of {@link #liveCount}. */
    public long unrecordedCount() {
        return unrecorded(Measure.COUNT, null);
    }

    private long recorded(Measure measure, ResourceKind kind) {
        long sum = 0;
        for (LedgerPart part : parts) {
            sum += part == null ? 0 : part.recorded(measure, kind);
        }
        return sum;
    }

    private long unrecorded(Measure measure, ResourceKind kind) {
        long sum = 0;
        for (LedgerPart part : parts) {
            sum += part == null ? 0 : part.unrecorded(measure, kind);
        }
        return sum;
    }

    /** What has not been released, as far as it is recorded; of one thread last taken first. */
    public List<Resource> live() {
        List<Resource> live = new ArrayList<>();
        for (LedgerPart part : parts) {
            if (part != null) {
                part.addLiveTo(live);
            }
        }
        return live;
    }
}
