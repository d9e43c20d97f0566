package dev.ebb.load;

/**
 * What one purge of all allocators of the process did.
 *
 * @param allocator the one behind {@code malloc}, as {@code jemalloc 5.3.0}, {@code glibc 2.36}, or {@code none}
 * @param way how it was purged ({@code arena.4096.purge}, {@code malloc_trim}, {@code DiagnosticCommand}), or {@code skipped} with the reason in {@code note}
 * @param returnedBytes how far RSS fell during the purge; never negative
 * @param nanos how long it took
 * @param allocatedBytes what the program has allocated after the purge, -1 if the allocator does not tell
 * @param cachedBytes what the allocator still keeps of the pages that the program freed, -1 if it does not tell
 * @param note empty, or what the user should know (a missing library and how to get it)
 */
public record Purged(String allocator, String way, long returnedBytes, long nanos, long allocatedBytes, long cachedBytes, String note) { }
