package dev.ebb.start;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Where the native library or the collector is not to be had: one line with the remedy at the first rollback, which goes on to its verdict. */
class HostileMachineIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String LIBRARY = "dev/ebb/memory/linux-x86_64/libebb.so";
    /** What HotSpot says of such a directory and such a library, whoever names it. */
    private static final Pattern OF_THE_JVM = Pattern.compile("WARNING: java\\.io\\.tmpdir directory does not exist|.* You have loaded library .* stack guard.*|It's highly recommended .*");
    private static final int E_MACHINE = 18; // offset in the ELF header, two bytes (man 5 elf)
    private static final short EM_S390 = 22;

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryThatIsMissing(Jdk jdk) {
        Path missing = directory.resolve("missing.so");
        assertTold(rolledBack(jdk, "-Debb.native.path=" + missing), missing + ", and there is no such file", "correct -Debb.native.path");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryThatIsText(Jdk jdk) throws IOException {
        Path text = Files.writeString(directory.resolve("text.so"), "this is text, and long enough to be taken for the header of an ELF file");
        assertTold(rolledBack(jdk, "-Debb.native.path=" + text), text + " is not for this machine", "-Debb.native.path=FILE");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryForAnotherMachine(Jdk jdk) throws IOException {
        Path foreign = copyOfLibrary("foreign.so");
        ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(foreign)).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(foreign, elf.putShort(E_MACHINE, EM_S390).array());
        assertTold(rolledBack(jdk, "-Debb.native.path=" + foreign), foreign + " is not for this machine", "-Debb.native.path=FILE");
    }

    /** For contrast: the one that is named is taken, and then nothing is to be told. */
    @ParameterizedTest
    @MethodSource("jdks")
    void libraryThatFits(Jdk jdk) throws IOException {
        Run run = rolledBack(jdk, "-Debb.native.path=" + copyOfLibrary("fits.so"), "-Djava.io.tmpdir=" + Files.writeString(directory.resolve("file"), ""));
        assertEquals(List.of(), run.troubles(), run::toString);
        assertEquals(0, run.events("ebb.stopped").get(0).getInt("troubles"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void temporaryDirectoryThatIsAFile(Jdk jdk) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertTold(rolledBack(jdk, "-Djava.io.tmpdir=" + file), "could not be unpacked under " + file, "-Djava.io.tmpdir=DIR");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void temporaryDirectoryOnANoexecMount(Jdk jdk) throws IOException, InterruptedException {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "noexec,size=4m", "none", directory.toString()) == 0, "may not mount");
        try {
            assertTold(rolledBack(jdk, "-Djava.io.tmpdir=" + directory), "probably because the file system is mounted noexec", "-Djava.io.tmpdir=DIR");
            try (var left = Files.list(directory)) {
                assertEquals(List.of(), left.toList(), "left behind");
            }
        } finally {
            assertEquals(0, run("umount", directory.toString()));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void temporaryDirectoryOnAReadOnlyMount(Jdk jdk) throws IOException, InterruptedException {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "ro,size=4m", "none", directory.toString()) == 0, "may not mount");
        try {
            assertTold(rolledBack(jdk, "-Djava.io.tmpdir=" + directory), "could not be unpacked under " + directory, "-Djava.io.tmpdir=DIR");
        } finally {
            assertEquals(0, run("umount", directory.toString()));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void nativeAccessDenied(Jdk jdk) {
        assumeTrue(jdk.feature() >= 24, "JDK 24 brought --illegal-native-access=deny");
        Run run = rolledBack(Patient.command(jdk, "timeout 30002016", "read").option("-Debb.purge=on", "--illegal-native-access=deny"));
        assertTold(run, "may not be loaded under --illegal-native-access=deny", "allow it with --enable-native-access=ALL-UNNAMED");
    }

    /** Then the collector cannot be asked, and a verdict has to wait until the program causes a collection. */
    @ParameterizedTest
    @MethodSource("jdks")
    void explicitCollectionsDisabled(Jdk jdk) {
        try (ForkedJvm jvm = Patient.command(jdk, "timeout 30002016", "load 1000", "read").option("-XX:+DisableExplicitGC", "-XX:MetaspaceSize=64m", "-Xms100m", "-Xmn64m").start()) {
            jvm.await("\"event\":\"trouble\"", LIMIT);
            jvm.await("\"event\":\"verdict\"", LIMIT);
            jvm.send("exit 0");
            Run run = Run.endOf(jvm).assertStory().assertProgram(0, "the load took too long", "loaded 1000").assertLoads(1, 1000);
            JsonObject trouble = run.events("trouble").get(0);
            assertEquals(1, run.events("trouble").size(), run::toString);
            assertTrue(trouble.getString("remedy").startsWith("remove -XX:+DisableExplicitGC"), run::toString);
            assertEquals(30_002_016, run.events("verdict").get(0).getLong("directBytes"), run::toString);
            assertEquals("held-by-heap", run.events("verdict").get(0).getString("verdict"), run::toString);
            assertTrue(run.events("verdict").get(0).getArray("holders").toString().contains("no collection that the program has caused has freed them within 30 s"), run::toString);
        }
    }

    private static Run rolledBack(Jdk jdk, String... options) {
        ForkedJvm.Command command = Patient.command(jdk, "timeout 30002016", "read").option("-Debb.purge=on").option(options);
        return rolledBack(jdk.feature() < 24 ? command : command.option("--enable-native-access=ALL-UNNAMED"));
    }

    private static Run rolledBack(ForkedJvm.Command command) {
        try (ForkedJvm jvm = command.start()) {
            jvm.await("\"event\":\"verdict\"", LIMIT);
            jvm.send("load 1000");
            jvm.send("exit 0");
            Run run = Run.endOf(jvm).without(OF_THE_JVM).assertStory().assertProgram(0, "the load took too long", "loaded 1000").assertLoads(1, 1000);
            assertEquals("returned", run.events("verdict").get(0).getString("verdict"), run::toString);
            return run;
        }
    }

    private static void assertTold(Run run, String what, String remedy) {
        assertEquals(1, run.events("trouble").size(), run::toString);
        JsonObject trouble = run.events("trouble").get(0);
        assertTrue(trouble.getString("what").contains(what), () -> what + " is not in\n" + run);
        assertTrue(trouble.getString("remedy").contains(remedy), () -> remedy + " is not in\n" + run);
        assertEquals("DiagnosticCommand", run.events("purge.done").get(0).getString("way"), run::toString);
    }

    private Path copyOfLibrary(String name) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(AgentJvm.jar())) {
            assumeTrue(Files.exists(jar.getPath(LIBRARY)), "the jar was built without a library for this platform");
            return Files.copy(jar.getPath(LIBRARY), directory.resolve(name));
        }
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            return -1; // there is no such command
        }
    }
}
