package dev.ebb.load;

import java.util.List;

/** Finds on demand who keeps in reach what a load has left. Thread-safe; stops the JVM for seconds a GiB of its heap, once for each step of a path. */
public interface HolderSearch {
    /**
     * What a search would cost now.
     *
     * @param load the number of a load that has ended with something left in reach: the last 256 of these are known
     * @throws IllegalArgumentException if nothing of that load is known to be left
     */
    Cost costOf(long load);

    /**
     * Searches, whatever it costs; that is announced in the log before, and accounted for after.
     *
     * @throws IllegalArgumentException as {@link #costOf}
     */
    Found holdersOf(long load);

    /**
     * @param heapBytes that are searched through
     * @param pauseNanos the expected stop of the JVM for each step of a path
     * @param steps so many at most
     */
    record Cost(long heapBytes, long pauseNanos, int steps) { }

    /**
     * @param paths from a root, as {@code static com.acme.Registry.SEGMENTS -> ConcurrentHashMap.table -> Node[] -> Node.val -> Segment.buf}; empty if nothing was found
     * @param passes through the heap
     * @param stoppedNanos for how long the JVM stood still in all
     * @param longestPauseNanos at once
     * @param note why there may be more, or are none; empty if all is well
     */
    record Found(Cost expected, List<String> paths, int passes, long stoppedNanos, long longestPauseNanos, String note) { }
}
