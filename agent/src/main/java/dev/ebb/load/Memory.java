package dev.ebb.load;

/** What the rest of Ebb asks of the process and its allocators. Called on Ebb's own threads, but for {@link #residentBytes} and {@link #flushThreadCache}; throws nothing. */
public interface Memory {
    /** Resident set size in bytes, 0 if the system does not tell. About a microsecond; may be called on any thread at any time. */
    long residentBytes();

    /** Resident bytes split by kind, from /proc/self/status. */
    Resident resident();

    /** Returns what every allocator in the process keeps but does not need. Can take a second for ten GiB. */
    Purged purge();

    /** Gives the calling thread's allocator cache back, if the native library is loaded already and the allocator knows how; about a microsecond. */
    void flushThreadCache();

    /** All in bytes; 0 where the kernel does not tell. */
    record Resident(long totalBytes, long anonymousBytes, long fileBytes, long sharedBytes) { }
}
