package dev.ebb.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Functions of any native library, called by address, so that a scenario can hold native memory whose kind and size are known by construction. The library behind it is built from
 * native/src/test/c with the native module; a scenario is told where it is by the property {@value #PROPERTY}.
 */
public final class NativeCalls {
    public static final String PROPERTY = "scenario.calls";

    static {
        // the test itself, which is only asking for the library, has no such property
        if (System.getProperty(PROPERTY) != null) {
            System.load(System.getProperty(PROPERTY));
        }
    }

    private NativeCalls() { }

    /** @return where the build left the library; for {@code -Dscenario.calls=} */
    public static Path library() {
        Path library = Path.of(System.getProperty("ebb.test.calls", "../native/target/native-test/libcalls.so")).toAbsolutePath().normalize();
        if (!Files.isReadable(library)) {
            throw new AssertionError(library + " was not built; run the tests with Maven, the module native included");
        }
        return library;
    }

    public static native long open(String path);

    /** @param handle of {@link #open}, or 0 for whatever is in sight. @return 0 if there is none */
    public static native long symbol(long handle, String name);

    public static native long call(long function, long a, long b, long c, long d, long e, long f);

    public static long call(String name, long... arguments) {
        long[] six = java.util.Arrays.copyOf(arguments, 6);
        return call(symbol(0, name), six[0], six[1], six[2], six[3], six[4], six[5]);
    }

    /** So many blocks, every byte written, by this malloc. @return the array of their addresses, in native memory of libc's */
    public static native long allocate(long malloc, long count, long bytes);

    /** @param keep each keep-th block stays; 0 for none */
    public static native void release(long free, long array, long count, long keep);

    /** In a native thread that has ended when this returns. @param free 0 to keep the blocks */
    public static native void inThreadThatEnds(long malloc, long free, long count, long bytes);
}
