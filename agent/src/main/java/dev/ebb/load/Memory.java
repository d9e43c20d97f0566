package dev.ebb.load;

/** What the rest of Ebb asks of the process and its allocators. Called on Ebb's own threads, unless said otherwise; throws nothing. */
public interface Memory {
    /** To be called once, after main may have begun: loads the native library if that helps to count and the JVM will not warn of it. Some milliseconds. */
    void prepare();

    /** Resident set size in bytes, 0 if the system does not tell. About a microsecond; may be called on any thread at any time. */
    long residentBytes();

    /** Resident bytes split by kind, from /proc/self/status. */
    Resident resident();

    /** Returns what every allocator in the process keeps but does not need. Can take a second for ten GiB. */
    Purged purge();

    /**
     * Gives the calling thread's allocator cache back, if the native library is loaded already and the allocator knows how; about a microsecond, under mimalloc as long as returning
     * the thread's free pages takes. On any thread.
     */
    void flushThreadCache();

    /** Rises with each purge: a thread that sees another number than last time should flush its cache, since what was freed lies there. On any thread; a volatile read. */
    int purges();

    /** How many threads have flushed their cache since the last purge: what they gave back is not purged yet. */
    int flushedSincePurge();

    /** Rises when {@link #threadCounters} may answer otherwise than before. On any thread; a volatile read. */
    int countersEpoch();

    /** The counters of the calling thread; null if there are none: another allocator, library not loaded (yet). Never for a virtual thread. Microseconds. */
    ThreadCounters threadCounters();

    /** All in bytes; 0 where the kernel does not tell. */
    record Resident(long totalBytes, long anonymousBytes, long fileBytes, long sharedBytes) { }
}
