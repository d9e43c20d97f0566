package dev.ebb.load;

import java.util.List;

/** Finds on demand who keeps in reach what a load has left. Thread-safe; stops the JVM for seconds a GiB of its heap, which is announced in the log before. */
public interface HolderSearch {
    /**
     * @param load the number of a load that has ended with something left in reach: the last 256 of these are known
     * @return paths from a root, as {@code static com.acme.Registry.SEGMENTS -> ConcurrentHashMap.table -> Node[] -> Node.val -> Segment.buf}; empty if
     *     nothing is left of it, or nothing was found
     */
    List<String> holdersOf(long load);
}
