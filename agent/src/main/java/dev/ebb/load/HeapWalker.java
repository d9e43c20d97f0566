package dev.ebb.load;

import java.lang.ref.Reference;
import java.util.List;

/**
 * Asks the JVM itself what keeps objects in reach. Each question stops the JVM while it is answered; nothing of it stays behind. Throws nothing: what cannot be
 * had is told in words. Thread-safe, one question at a time. What local variables of the calling thread refer to does not count as held.
 */
public interface HeapWalker {
    /** Whether asking causes no line on stderr: on JDK 24 and newer the JVM may warn when the native library is loaded, which this does not do yet. */
    boolean isQuiet();

    /** What stacks, threads and native code hold directly. A few milliseconds: nothing is followed. */
    Roots roots();

    /** Searches backwards from the wanted objects, pass by pass. */
    Search search(Wanted wanted, Limits limits);

    /** One object that a root holds. @param from as {@code frame=com.acme.Foo.hold(Foo.java:12) slot=0 of thread x} */
    record Root(String from, Object object) { }

    /** @param problem why there are none; empty if all is well */
    record Roots(List<Root> roots, long nanos, String problem) { }

    /**
     * What is searched for.
     *
     * @param objects weak references or the like: a strong one would be found
     * @param spans first and last address, ascending, of memory whose buffers are searched for
     */
    record Wanted(List<? extends Reference<?>> objects, long[] spans) { }

    /**
     * @param passNanos the longest that one pass may stop the JVM
     * @param paths so many are enough
     */
    record Limits(long passNanos, int passes, int paths) { }

    /** @param from where it begins; empty if the first object is a class, one of whose static fields holds the second */
    record Path(String from, List<Object> objects) { }

    /**
     * @param nanos of all passes together
     * @param longestNanos of the longest
     * @param outOfTime the last pass was given up
     * @param problem why there are no paths; empty if all is well
     */
    record Search(List<Path> paths, int passes, long nanos, long longestNanos, boolean outOfTime, String problem) { }
}
