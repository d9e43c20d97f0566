package dev.ebb.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What one OS thread has ever taken from the program's own {@code malloc} and given back to it, read in nanoseconds without a native call. For that thread alone, and only while it
 * lives: the counters lie in its own memory, which is somebody else's afterwards. Never for a virtual thread, whose OS thread changes.
 *
 * <p>Right to the size class of each block. A block that another thread gives back is counted there.
 */
public final class ThreadCounters {
    private final ByteBuffer taken;
    private final ByteBuffer given;

    /** @param taken the counter as a direct buffer of eight bytes in native order; @param given likewise */
    public ThreadCounters(ByteBuffer taken, ByteBuffer given) {
        this.taken = taken.order(ByteOrder.nativeOrder());
        this.given = given.order(ByteOrder.nativeOrder());
    }

    /** Bytes taken and not given back by this thread; may be negative. */
    public long netBytes() {
        return taken.getLong(0) - given.getLong(0);
    }
}
