package dev.ebb.memory;

import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.Libraries;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Each way in which there can be no native library: one sentence with the remedy, and a program that runs on and is purged as well as can be. */
class NativeLibraryIT {
    private static final int E_MACHINE = 18; // offset in the ELF header, two bytes (man 5 elf)
    private static final short EM_S390 = 22;

    @TempDir
    Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void leavesNothingInTheTemporaryDirectory(Jdk jdk) throws IOException {
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("-Djava.io.tmpdir=" + directory));
        assertEquals("malloc_trim", run.value("first.way"));
        try (Stream<Path> left = Files.list(directory)) {
            assertArrayEquals(new Object[0], left.toArray());
        }
    }

    /** Arenas of loads are lent again and never ended: the JVM's own blocks lie in them, too, and either control of jemalloc's would crash it. */
    @Test
    void knowsNoControlThatEndsAnArena() throws IOException {
        String library = Files.readString(copyOfLibrary(), StandardCharsets.ISO_8859_1);
        assertTrue(library.contains("thread.arena") && library.contains("arenas.create"), "that is how the names of controls lie in it");
        for (String control : List.of(".reset", ".destroy")) {
            assertFalse(library.contains(control), control);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void takesTheOneThatIsNamed(Jdk jdk) throws IOException {
        Path copy = copyOfLibrary();
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("-Dscenario.native.path=" + copy, "-Djava.io.tmpdir=" + aFile()));
        assertEquals("malloc_trim", run.value("first.way"));
        run.assertNoTrouble();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void pathThatDoesNotExist(Jdk jdk) {
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("-Dscenario.native.path=" + directory.resolve("missing.so")));
        run.assertProblem("missing.so, and there is no such file", "correct -Debb.native.path");
        assertTrimmedByTheJvm(run);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryForAnotherMachine(Jdk jdk) throws IOException {
        Path foreign = copyOfLibrary();
        ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(foreign)).order(ByteOrder.LITTLE_ENDIAN);
        elf.putShort(E_MACHINE, EM_S390);
        Files.write(foreign, elf.array());
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("-Dscenario.native.path=" + foreign));
        run.assertProblem("is not for this machine, " + NativeLibrary.platform(), "-Debb.native.path=FILE");
        assertTrimmedByTheJvm(run);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void fileThatIsNoLibrary(Jdk jdk) throws IOException {
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("-Dscenario.native.path=" + aFile()));
        run.assertProblem("is not for this machine, ", "-Debb.native.path=FILE");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryOfSomebodyElse(Jdk jdk) throws IOException {
        Path copy = Files.copy(jdk.home().resolve("lib").resolve("libjimage.so"), directory.resolve("other.so"));
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("-Dscenario.native.path=" + copy));
        run.assertProblem("is another library, or belongs to another version of Ebb", "leave the option out");
        assertTrimmedByTheJvm(run);
    }

    /** A file in place of the directory, because root may write everywhere. */
    @ParameterizedTest
    @MethodSource("jdks")
    void temporaryDirectoryThatCannotBeWritten(Jdk jdk) throws IOException {
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("-Djava.io.tmpdir=" + aFile()));
        run.assertProblem("could not be unpacked under " + aFile(), "-Djava.io.tmpdir=DIR");
        assertTrimmedByTheJvm(run);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void temporaryDirectoryOnANoexecMount(Jdk jdk) throws IOException {
        Optional<Path> mount = noexecMount();
        assumeTrue(mount.isPresent(), "this machine has no writable file system that is mounted noexec");
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("-Djava.io.tmpdir=" + mount.get()));
        run.assertProblem("probably because the file system is mounted noexec", "-Djava.io.tmpdir=DIR");
        assertTrimmedByTheJvm(run);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void nativeAccessDenied(Jdk jdk) {
        assumeTrue(jdk.feature() >= 24, "JDK 24 brought --illegal-native-access=deny");
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("--illegal-native-access=deny"));
        run.assertProblem("may not be loaded under --illegal-native-access=deny", "allow it with --enable-native-access=ALL-UNNAMED");
        assertTrimmedByTheJvm(run);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jarWithoutTheLibrary(Jdk jdk) throws URISyntaxException {
        PurgeRun run = PurgeRun.of(withoutLibrary(jdk));
        run.assertProblem("is not in this jar for " + NativeLibrary.platform(), "-Debb.native.path=FILE");
        assertTrimmedByTheJvm(run);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void runtimeWithoutManagement(Jdk jdk) throws URISyntaxException {
        PurgeRun run = PurgeRun.of(withoutLibrary(jdk).option("--limit-modules=java.base,jdk.unsupported"));
        assertEquals("skipped", run.value("first.way"));
        assertTrue(run.value("first.note").contains("the module java.management, by which"), () -> run.value("first.note"));
    }

    /** The JVM's own trim "works" there, on libc's idle heap. */
    @ParameterizedTest
    @MethodSource("jdks")
    void preloadedAllocatorNeedsTheLibrary(Jdk jdk) throws URISyntaxException {
        Optional<Path> jemalloc = Libraries.installed("libjemalloc.so.2");
        assumeTrue(jemalloc.isPresent(), "libjemalloc.so.2 is not installed");
        PurgeRun run = PurgeRun.of(withoutLibrary(jdk).env("LD_PRELOAD", jemalloc.get().toString()));
        assertEquals("jemalloc", run.value("first.allocator"));
        assertTrue(run.value("first.note").contains("without it libjemalloc.so.2 cannot be purged"), () -> run.value("first.note"));
        assertTrue(run.value("first.note").contains("-Debb.native.path=FILE"), () -> run.value("first.note"));
    }

    private static void assertTrimmedByTheJvm(PurgeRun run) {
        assertEquals("glibc", run.value("first.allocator"));
        assertEquals("DiagnosticCommand", run.value("first.way"), () -> run.jvm().failure("no trim").getMessage());
        run.assertAllReturned();
    }

    private static ForkedJvm.Command withoutLibrary(Jdk jdk) throws URISyntaxException {
        List<Path> entries = new ArrayList<>();
        for (Class<?> type : List.of(ProcessMemory.class, PurgeScenario.class)) {
            entries.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
        }
        return PurgeRun.command(jdk).classpath(entries.toArray(new Path[0]));
    }

    private Path copyOfLibrary() throws IOException {
        Path copy = directory.resolve("copy.so");
        try (InputStream library = NativeLibrary.class.getResourceAsStream(NativeLibrary.platform() + "/libebb.so")) {
            assumeTrue(library != null, "the native module was built with -Debb.native.skip=true");
            Files.copy(library, copy);
        }
        return copy;
    }

    private Path aFile() throws IOException {
        Path file = directory.resolve("file");
        return Files.exists(file) ? file : Files.writeString(file, "this is text, and long enough to be taken for the header of an ELF file");
    }

    private static Optional<Path> noexecMount() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String[] fields = line.split(" "); // device, directory, type, options
            Path mounted = Path.of(fields[1]);
            if (fields[2].equals("tmpfs") && List.of(fields[3].split(",")).contains("noexec") && Files.isWritable(mounted)) {
                return Optional.of(mounted);
            }
        }
        return Optional.empty();
    }
}
