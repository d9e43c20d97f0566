package dev.ebb.load;

/** Learns when the program closes the late result of a load itself, so that it is never closed a second time. Called by the worker. */
public interface CloseWatcher {
    /**
     * From now on closes of objects of this class are reported to the recorder.
     *
     * @return false if that cannot be: the class is hidden (a lambda), belongs to the JDK, or has no close method
     */
    boolean watch(Class<?> type);

    /** Whether closes of objects of this class have been reported since that moment of {@link System#nanoTime}, or longer. */
    boolean watchedSince(Class<?> type, long nanos);
}
