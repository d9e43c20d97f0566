package dev.ebb.load;

import java.util.List;

/**
 * What one purge of all allocators of the process did. All bytes are -1 where the allocator does not tell.
 *
 * @param allocator the one behind {@code malloc}, as {@code jemalloc 5.3.0}, {@code glibc 2.36}, or {@code none}
 * @param way how it was purged ({@code arena.4096.purge}, {@code malloc_trim}, {@code DiagnosticCommand}), or {@code skipped} with the reason in {@code note}
 * @param returnedBytes how far RSS fell during the purge of all; never negative
 * @param nanos how long it took
 * @param allocatedBytes what the program has allocated after the purge
 * @param cachedBytes what the allocator still keeps of the pages that the program freed; thread caches and fragmentation are in it
 * @param threadCachesBytes of that, in caches of threads, which each thread alone can give back
 * @param fragmentedBytes of that, room between blocks that live on, which nothing can give back
 * @param note empty, or what the user should know (a missing library and how to get it)
 * @param allocators each one that was found, the one behind {@code malloc} first
 */
public record Purged(String allocator, String way, long returnedBytes, long nanos, long allocatedBytes, long cachedBytes, long threadCachesBytes, long fragmentedBytes, String note,
                     List<One> allocators) {
    /** Without statistics. */
    public static Purged bare(String allocator, String way, long returnedBytes, long nanos, String note) {
        return new Purged(allocator, way, returnedBytes, nanos, -1, -1, -1, -1, note, List.of());
    }

    /** Of all allocators that tell it; -1 if none does. */
    public long allCachedBytes() {
        long all = allocators.isEmpty() ? cachedBytes : -1;
        for (One one : allocators) {
            all = one.cachedBytes() < 0 ? all : Math.max(0, all) + one.cachedBytes();
        }
        return all;
    }

    /** Of all allocators that tell it; -1 if none does. */
    public long allAllocatedBytes() {
        long all = allocators.isEmpty() ? allocatedBytes : -1;
        for (One one : allocators) {
            all = one.allocatedBytes() < 0 ? all : Math.max(0, all) + one.allocatedBytes();
        }
        return all;
    }

    /**
     * What became of one allocator; a library may carry its own beside the one behind {@code malloc}.
     *
     * @param origin path of the object that it is in; empty if unknown
     * @param settings as {@code background_thread=false dirty_decay_ms=10000 narenas=8}; empty if they cannot be read
     * @param returnedBytes how far RSS fell meanwhile; never negative
     */
    public record One(String name, String origin, String settings, boolean servesMalloc, String way, String note, long returnedBytes, long nanos, long allocatedBytes,
                      long cachedBytes, long threadCachesBytes, long fragmentedBytes) { }
}
