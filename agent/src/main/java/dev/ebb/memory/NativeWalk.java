package dev.ebb.memory;

/**
 * The native side of {@link HeapWalk}: a search backwards from some objects to what keeps them in reach, one level of references with each pass. A walk is
 * known by its address. {@link NativeLibrary} must have loaded the library. Answers that are errors are those of {@link ToolError}. One thread at a time.
 */
final class NativeWalk {
    private NativeWalk() { }

    /**
     * @param ownThread id of the thread whose local variables hold nothing
     * @param roots how many are searched for
     * @param capacity how many objects may be remembered; 4 bytes each at once, and about 100 for each that is
     * @param error one element, set to why there is no walk
     * @return 0 if there is none
     */
    static native long open(long ownThread, int roots, int capacity, int[] error);

    /** Leaves nothing behind. */
    static native void close(long walk);

    /** Nobody but the caller's own frame may hold the object by the next pass. */
    static native int searchFor(long walk, Object object);

    /**
     * Searches for the objects of this very class that have a long field with a value in one of the spans. Looks at every object of the heap once, and stops
     * the JVM meanwhile.
     *
     * @param spans first and last address of each, ascending
     */
    static native int searchForMemory(long walk, Class<?> type, long[] spans);

    /** Field number {@code field}, as JVMTI counts, of objects of this very class keeps nothing in reach. */
    static native int ignore(long walk, Class<?> type, int field);

    /** Follows all references once and stops the JVM meanwhile, but no longer than about {@code limitNanos}. */
    static native int pass(long walk, long limitNanos);

    /** Looks at what stacks, threads and native code hold directly: as many as there is room for. */
    static native int lookAtRoots(long walk);

    /** After a look at the roots, what each of them holds; null in place of one that is gone, null for an error. */
    static native Object[] heldByRoots(long walk);

    /** Objects searched for, roots found, objects remembered, 1 if the last pass ran out of time else 0, references that it followed. */
    static native long[] state(long walk);

    /** Of a root: its kind, as jvmtiHeapReferenceKind has it; the id of its thread, or 0; the slot of a local variable. */
    static native long[] root(long walk, int root);

    /** Of a root on a stack: {@code com.acme.Foo.hold(Foo.java:12)}. Empty for others. */
    static native String frame(long walk, int root);

    /** From what a root holds to what was searched for; null in place of one that is gone, null for an error. */
    static native Object[] path(long walk, int root);

    /** All loaded classes that are {@code of} or below it; null if the JVM does not tell. */
    static native Class<?>[] subclasses(long walk, Class<?> of);
}
