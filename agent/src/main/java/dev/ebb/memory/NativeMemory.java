package dev.ebb.memory;

import java.nio.ByteBuffer;

/**
 * The functions of the native library, which {@link NativeLibrary} must have loaded. What {@link #find} found stays numbered from 0 until {@link #release}; the table is one for
 * the library, so one thread at a time may use it ({@link Allocators} sees to that). From {@link #flushThreadCache} on, they are for any thread at any time.
 */
final class NativeMemory {
    /** What {@link #interfaceVersion} of a fitting library answers; raised whenever a declaration here changes. */
    static final int INTERFACE_VERSION = 4;

    private NativeMemory() { }

    static native int interfaceVersion();

    /**
     * Looks through all loaded objects, about a millisecond.
     *
     * @return how many allocators there are, private copies included; 0 on a libc without anything to purge, as musl's
     */
    static native int find();

    /** Lets go of the objects that were found, so that they can be unloaded. */
    static native void release();

    /** Do the program's own {@code malloc} calls end at this one? Shown by what it does, not by its name. */
    static native boolean servesMalloc(int at);

    /** Do threads that allocate wait while it is purged? */
    static native boolean stallsOthers(int at);

    /** Make and version, as {@code jemalloc 5.3.0}. */
    static native String name(int at);

    /** Path of the object that it is in; empty if the loader does not tell. */
    static native String origin(int at);

    /** The options that decide when it returns pages by itself, {@code name=value name=value}; empty if they cannot be read. */
    static native String settings(int at);

    /** In the order of the components of {@link Statistics}; -1 for what this allocator does not tell. */
    static native long[] statistics(int at);

    /**
     * Flushes the calling thread's cache where that can be done, and returns all unused pages.
     *
     * @return the way it took
     * @throws IllegalStateException if the allocator refused, with its errno
     */
    static native String purge(int at);

    /**
     * Gives back what the program's own allocator caches for the calling thread: jemalloc and tcmalloc about a microsecond, mimalloc as long as it takes to return its free pages.
     *
     * @return 0 or an errno: ENOENT before {@link #find} or under an allocator without such a thing
     */
    static native int flushThreadCache();

    /**
     * The counter of bytes that the calling thread has taken from the program's own jemalloc, or given back to it, as one long in native byte order. Reading it through the buffer
     * takes a nanosecond. It is valid in that OS thread alone, until it ends: read later or from elsewhere, and so by any virtual thread, it is memory of somebody else's.
     *
     * @return null under another allocator, in a jemalloc without statistics, and before {@link #find}
     */
    static native ByteBuffer threadCounter(boolean ofFreed);

    /** A new arena of the program's own jemalloc: 47 us and 88 KiB, never given back. -1 if there can be none. */
    static native int createArena();

    /** From now on the calling thread allocates from this arena; its cache is flushed first. @return the arena before, or -1 if nothing was changed */
    static native int bindThread(int arena);

    /** Of one arena, in the order of the components of {@link Statistics}; null if it cannot be told. */
    static native long[] arenaStatistics(int arena);

    /** What only somebody inside the process can tell of its memory, as text; see report.c. Uses the table of {@link #find}. */
    static native String report();
}
