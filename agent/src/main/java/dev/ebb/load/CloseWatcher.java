package dev.ebb.load;

/** Learns when the program closes the late result of a load itself, so that it is never closed a second time. Thread-safe. */
public interface CloseWatcher {
    /**
     * From now on closes of objects of this class are reported to the recorder.
     *
     * @return false if that cannot be: the class belongs to the JDK, has no close method, or is hidden and no lambda of javac's
     */
    boolean watch(Class<?> type);

    /** Whether closes of objects of this class have been reported since that moment of {@link System#nanoTime}, or longer. */
    boolean watchedSince(Class<?> type, long nanos);

    /** Whether it is known that the close of an object of the first class neither closes nor frees an object of the second that it refers to. */
    boolean leavesOpen(Class<?> closed, Class<?> referredTo);

    /** What an object of a hidden class has captured; nulls may be among it. */
    java.util.List<Object> captured(Object lambda);
}
