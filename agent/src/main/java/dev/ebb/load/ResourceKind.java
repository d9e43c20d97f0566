package dev.ebb.load;

/** What a ledger tells apart. */
public enum ResourceKind {
    /** A direct byte buffer; known by its address. */
    DIRECT,
    /** A mapping of a file, by NIO or into an arena; known by its address. */
    MAPPED,
    /** Memory from {@code sun.misc.Unsafe.allocateMemory}; known by its address. */
    UNSAFE,
    /** A foreign memory arena with all segments allocated in it; known by its session object. */
    ARENA,
    /** An open stream, random access file or channel; known by that object. */
    FILE,
    /** An object of a type that the user tracks; known by that object. */
    TRACKED,
    /** A file or directory that the load made on disk; known by path and file key. */
    CREATED,
    /** A file that was there before and that the load opened for writing; known by its path. */
    GROWN
}
