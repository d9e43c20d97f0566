package dev.ebb.load;

/**
 * The last word to a thread: an exception thrown in it wherever it stands, asynchronously, as {@code Thread.stop} did before JDK 20. It can hit a
 * {@code finally} block, a class initializer or code of the JDK that holds a lock: whoever calls this has looked at the thread's stack before, and the user
 * has asked for it. A thread in a native method gets it when it returns from there. Thread-safe; blocks for no longer than a safepoint takes.
 */
public interface ThreadStopper {
    /**
     * @param thread alive, and neither the calling thread nor one of Ebb's
     * @return empty if the JVM has taken the order, which says nothing about what the thread makes of it; else why not, as
     *     {@code THREAD_NOT_SUSPENDED (JVMTI error 13)}, which is the answer for a virtual thread
     */
    String stop(Thread thread, Throwable thrown);
}
