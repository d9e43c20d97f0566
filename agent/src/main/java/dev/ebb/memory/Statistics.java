package dev.ebb.memory;

/**
 * What an allocator says of itself, in bytes; -1 for what it does not tell. The names are those of jemalloc's {@code stats.*}.
 *
 * @param allocatedBytes in use by the program
 * @param residentBytes of pages that it keeps in physical memory
 * @param reclaimableBytes what a purge can return; of glibc an upper bound, pages that an earlier trim returned included
 * @param cachedBytes resident, neither allocated nor its own bookkeeping: reclaimable pages, thread caches, fragmentation
 */
record Statistics(long allocatedBytes, long activeBytes, long residentBytes, long mappedBytes, long retainedBytes, long metadataBytes, long reclaimableBytes, long cachedBytes) {
    static Statistics read(int allocator) {
        long[] values = NativeMemory.statistics(allocator);
        return new Statistics(values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]);
    }

    /** What it keeps at most: known exactly, or by the upper bound. */
    long cachedAtMostBytes() {
        return cachedBytes >= 0 ? cachedBytes : reclaimableBytes;
    }
}
