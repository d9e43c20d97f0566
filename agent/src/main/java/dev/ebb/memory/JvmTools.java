package dev.ebb.memory;

import dev.ebb.load.HeapWalker;
import dev.ebb.load.ThreadStopper;

/**
 * What the JVM does for tools only, through the native library, which is loaded when the first of it is needed. Without the library, or where the JVM refuses
 * a capability, the answer says so and nothing has happened. Safe for any thread.
 */
public final class JvmTools implements ThreadStopper {
    private final NativeLibrary library;
    private final HeapWalk heapWalk;

    JvmTools(NativeLibrary library) {
        this.library = library;
        this.heapWalk = new HeapWalk(library);
    }

    /** Asks what keeps objects in reach. */
    public HeapWalker heapWalker() {
        return heapWalk;
    }

    @Override
    public String stop(Thread thread, Throwable thrown) {
        return library.load() ? ToolError.text(NativeTools.stopThread(thread, thrown)) : library.problem();
    }

    /** A full collection, also under {@code -XX:+DisableExplicitGC}. @return empty once it is over, else why there was none */
    public String collect() {
        return library.load() ? ToolError.text(NativeTools.collect()) : library.problem();
    }
}
