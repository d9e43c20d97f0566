package dev.ebb.load;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much of the Java heap recording may take. Beyond a limit counts and bytes go on, and details are dropped: see {@link Ledger}. Thread-safe.
 */
public final class Limits {
    /** A record with its place in the index takes 60 to 100 bytes: this many of them at most an eighth of the heap. */
    private static final int HEAP_BYTES_A_RECORD = 8 * 64;
    private static final int MOST_RECORDS = 4_000_000;
    private static final int MOST_RECORDS_OF_ONE_LOAD = 1_000_000;
    /** A stack of 60 frames takes 1.3 KiB: this many of them at most a hundredth of the heap. */
    private static final int HEAP_BYTES_A_STACK = 128 << 10;
    private static final int MOST_STACKS = 65_536;
    private static final int FEWEST_STACKS = 1_024;

    private static final int HEAP_BYTES_A_WAITING_LOAD = 16 << 10;
    private static final int MOST_WAITING = 100_000;
    private static final int FEWEST_WAITING = 1_000;

    private static final Limits OF_THIS_JVM = new Limits(Runtime.getRuntime().maxMemory());

    private final long heapBytes;
    private final int records;
    private final int stacks;
    private final AtomicInteger stacksKept = new AtomicInteger();

    /** @param heapBytes how far the heap may grow */
    Limits(long heapBytes) {
        this.heapBytes = heapBytes;
        records = (int) Math.min(MOST_RECORDS, heapBytes / HEAP_BYTES_A_RECORD);
        stacks = (int) Math.max(FEWEST_STACKS, Math.min(MOST_STACKS, heapBytes / HEAP_BYTES_A_STACK));
    }

    public static Limits ofThisJvm() {
        return OF_THIS_JVM;
    }

    /** Resources recorded at one time, of all loads together. */
    public int records() {
        return records;
    }

    /** Resources of one load recorded at one time: one load alone does not use up what is there for all. */
    int recordsOfOneLoad() {
        return Math.min(MOST_RECORDS_OF_ONE_LOAD, records / 2);
    }

    /** Loads that wait until the worker looks at them: of 1 to 2 KiB each, at most a tenth of the heap. */
    public int waitingLoads() {
        return (int) Math.max(FEWEST_WAITING, Math.min(MOST_WAITING, heapBytes / HEAP_BYTES_A_WAITING_LOAD));
    }

    /** @return whether there is room for one more stack; to be given back */
    boolean takeStack() {
        if (stacksKept.incrementAndGet() <= stacks) {
            return true;
        }
        stacksKept.decrementAndGet();
        return false;
    }

    void giveStackBack() {
        stacksKept.decrementAndGet();
    }
}
