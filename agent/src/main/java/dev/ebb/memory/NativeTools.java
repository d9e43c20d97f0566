package dev.ebb.memory;

/**
 * What the native library asks of the JVM's tool interface (JVMTI). {@link NativeLibrary} must have loaded it. Each function answers 0, a JVMTI error
 * (positive) or a JNI error (negative); {@link ToolError} has their names. For any thread at any time.
 */
final class NativeTools {
    private NativeTools() { }

    /** Throws {@code thrown} in {@code thread}, asynchronously. */
    static native int stopThread(Thread thread, Throwable thrown);

    /** A full collection, also under {@code -XX:+DisableExplicitGC}; returns after it. */
    static native int collect();
}
