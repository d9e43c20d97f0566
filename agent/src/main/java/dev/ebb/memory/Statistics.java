package dev.ebb.memory;

import java.util.Arrays;

/**
 * What an allocator says of itself, in bytes but for the number of arenas; -1 for what it does not tell. The names are those of jemalloc's {@code stats.*}.
 *
 * @param allocatedBytes in use by the program; of glibc the small caches of its threads are in it
 * @param activeBytes of pages with at least one block in use
 * @param residentBytes of pages that it keeps in physical memory
 * @param reclaimableBytes what a purge can return
 * @param cachedBytes resident, neither allocated nor its own bookkeeping: reclaimable pages, thread caches, fragmentation
 * @param dirtyBytes of unused pages that were written
 * @param muzzyBytes of unused pages that the kernel may take when it needs them
 * @param threadCachesBytes in caches of threads; only the thread itself can give them back
 * @param fragmentedBytes free, in pages that something live pins
 */
record Statistics(long allocatedBytes, long activeBytes, long residentBytes, long mappedBytes, long retainedBytes, long metadataBytes, long reclaimableBytes, long cachedBytes,
                  long dirtyBytes, long muzzyBytes, long threadCachesBytes, long fragmentedBytes, long arenas) {
    private static final int COUNT = 13;

    static Statistics read(int allocator) {
        return of(NativeMemory.statistics(allocator));
    }

    /** @param v in the order of the components; a shorter one, of an older library, is filled up with -1 */
    static Statistics of(long[] v) {
        long[] values = Arrays.copyOf(v, COUNT);
        Arrays.fill(values, Math.min(v.length, COUNT), COUNT, -1);
        return new Statistics(values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7], values[8], values[9], values[10], values[11], values[12]);
    }

    /** A build of jemalloc without statistics still tells its unused pages. */
    long knownCachedBytes() {
        return cachedBytes < 0 ? reclaimableBytes : cachedBytes;
    }

    /** Not in use, whether resident or returned already. -1 if unknown. */
    long freeBytes() {
        return mappedBytes < 0 || allocatedBytes < 0 ? -1 : mappedBytes - allocatedBytes;
    }
}
