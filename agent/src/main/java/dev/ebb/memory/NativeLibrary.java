package dev.ebb.memory;

import dev.ebb.load.Trouble;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Loads the native library when it is first needed, and never before: on JDK 24 and newer the JVM itself prints a warning then, unless it was started with
 * {@code --enable-native-access=ALL-UNNAMED}, and a program that never rolls back should never see it.
 *
 * <p>Safe for any thread. It is tried once; if it fails, {@link #problem} tells why and what to do, trouble is told once, and nothing is thrown.
 */
public final class NativeLibrary {
    /** JEP 472: System.load warns from this JDK on. */
    private static final int WARNS_SINCE = 24;

    private final String path; // null for the one in the jar
    private final Trouble trouble;
    private boolean tried;
    private boolean loaded;
    private String problem = "";

    NativeLibrary(String path, Trouble trouble) {
        this.path = path == null || path.isEmpty() ? null : path;
        this.trouble = trouble;
    }

    /** @return whether the library is there; a millisecond or two at the first call */
    synchronized boolean load() {
        if (!tried) {
            tried = true;
            try {
                loadNow();
                loaded = true;
            } catch (LibraryProblem e) {
                problem = e.sentence();
                trouble.report("memory.native", e, e.remedy());
            }
        }
        return loaded;
    }

    /** Whether {@link #load} makes the JVM print nothing that it has not printed already. */
    synchronized boolean loadsQuietly() {
        return tried || Runtime.version().feature() < WARNS_SINCE || isNativeAccessEnabled();
    }

    /** {@code Module.isNativeAccessEnabled}, which came with JDK 22. */
    private static boolean isNativeAccessEnabled() {
        try {
            return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(NativeLibrary.class.getModule());
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** One sentence with the remedy; empty if all is well or nothing was tried. */
    synchronized String problem() {
        return problem;
    }

    /** As the build names it: {@code linux-x86_64}, {@code linux-aarch64}. */
    static String platform() {
        String architecture = System.getProperty("os.arch");
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(' ', '-');
        return system + "-" + (architecture.equals("amd64") ? "x86_64" : architecture);
    }

    private void loadNow() throws LibraryProblem {
        if (path == null) {
            loadFromJar();
        } else {
            loadNamed();
        }
    }

    private void loadNamed() throws LibraryProblem {
        Path file;
        try {
            file = Path.of(path).toAbsolutePath(); // System.load takes no other
        } catch (RuntimeException e) {
            throw LibraryProblem.noFile(path);
        }
        if (!Files.isRegularFile(file)) {
            throw LibraryProblem.noFile(path);
        }
        load(file);
    }

    private void loadFromJar() throws LibraryProblem {
        UnpackedLibrary unpacked = unpack(System.getProperty("java.io.tmpdir"));
        try {
            load(unpacked.file());
        } finally {
            delete(unpacked);
        }
    }

    /** The library in the jar for this platform; null if it has none. The caller closes it. */
    public static InputStream inJar() {
        return NativeLibrary.class.getResourceAsStream(platform() + "/libebb.so");
    }

    private static UnpackedLibrary unpack(String directory) throws LibraryProblem {
        try (InputStream library = inJar()) {
            if (library == null) {
                throw LibraryProblem.notInJar(platform());
            }
            return UnpackedLibrary.unpack(library, Path.of(directory));
        } catch (IOException | RuntimeException e) {
            throw LibraryProblem.notUnpacked(directory, e);
        }
    }

    private void delete(UnpackedLibrary unpacked) {
        try {
            unpacked.delete();
        } catch (IOException | RuntimeException e) {
            trouble.report("memory.native.delete", e, "delete " + unpacked.file().getParent());
        }
    }

    private static void load(Path file) throws LibraryProblem {
        try {
            System.load(file.toString());
        } catch (LinkageError | RuntimeException e) {
            throw LibraryProblem.notLoaded(file.toString(), e);
        }
        checkInterface(file);
    }

    private static void checkInterface(Path file) throws LibraryProblem {
        UnsatisfiedLinkError missing = null;
        int version = 0;
        try {
            version = NativeMemory.interfaceVersion();
        } catch (UnsatisfiedLinkError e) {
            missing = e;
        }
        if (version != NativeMemory.INTERFACE_VERSION) {
            throw LibraryProblem.otherInterface(file.toString(), missing);
        }
    }
}
