package dev.ebb.memory;

/**
 * The functions of the native library, which {@link NativeLibrary} must have loaded. What {@link #find} found stays numbered from 0 until {@link #release}; the table is one for
 * the library, so one thread at a time may use it ({@link Allocators} sees to that). {@link #flushThreadCache} alone is for any thread at any time.
 */
final class NativeMemory {
    /** What {@link #interfaceVersion} of a fitting library answers; raised whenever a declaration here changes. */
    static final int INTERFACE_VERSION = 2;

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
     * Flushes the calling thread's cache of the program's own jemalloc, about a microsecond.
     *
     * @return 0 or an errno: ENOENT before {@link #find} or under another allocator
     */
    static native int flushThreadCache();
}
