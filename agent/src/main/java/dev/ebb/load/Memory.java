package dev.ebb.load;

/** What the rest of Ebb asks of the process and its allocators. Called on Ebb's own threads, unless said otherwise; throws nothing. */
public interface Memory {
    /** To be called once, after main may have begun: loads the native library if that helps to count and the JVM will not warn of it. Some milliseconds. */
    void prepare();

    /** Resident set size in bytes, 0 if the system does not tell. About a microsecond; may be called on any thread at any time. */
    long residentBytes();

    /** As {@link #residentBytes}, or what was read less than a millisecond ago. On any thread at any time. */
    long recentResidentBytes();

    /** Of what {@link #residentBytes} told last, pages of mapped files and shared memory; the rest is anonymous. On any thread. */
    long residentSharedBytes();

    /** Resident bytes split by kind, from /proc/self/status. */
    Resident resident();

    /** Pages of files, as far as they have to do with this process. About 0.1 ms. */
    FilePages filePages();

    /** Anonymous memory in huge pages, -1 if that cannot be told. Takes 17 ms a GiB of RSS. */
    long hugePageBytes();

    /**
     * Metaspace that is committed, class space included; -1 where that cannot be told. Microseconds; the first call loads classes of java.management, 10 ms. Never before main.
     */
    long classBytes();

    /** What the allocators hold, with nothing changed; its note says why if that cannot be told. Loads no native library where the JVM would warn of it. */
    Purged account();

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

    /** An arena for a load that begins now; null unless {@code ebb.arena=per-load} and the allocator is a jemalloc with statistics. On any thread; 50 to 500 us. */
    LoadArena arena();

    /**
     * What the calling thread takes from malloc comes from this arena from now on; its cache is flushed first. About a microsecond. Never on a virtual thread: it would be its
     * carrier that is bound.
     *
     * @return the number of the arena before; -1 if nothing was changed
     */
    int bindArena(int number);

    /** Whether this flag of the JVM is set, such as {@code DisableExplicitGC}; false also if there is none of that name. Some ten milliseconds at first. */
    boolean jvmFlag(String name);

    /** All in bytes; 0 where the kernel does not tell. */
    record Resident(long totalBytes, long anonymousBytes, long fileBytes, long sharedBytes) { }

    /**
     * All in bytes, -1 for what cannot be told.
     *
     * @param groupBytes that count for the control group of this process, whoever of the group has read or written them; mapped ones and tmpfs included
     * @param movedBytes that this process has fetched from storage or made dirty since it began: no more of the group's are its doing
     */
    record FilePages(long groupBytes, long movedBytes) { }
}
