package dev.ebb.memory;

import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.Libraries;
import dev.ebb.testing.MavenJars;
import dev.ebb.testing.NativeCalls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Every allocator that this machine has, on every JDK that it has: named rightly, and what was freed comes back. */
class PurgeIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    static List<Arguments> everywhere() {
        return inTurn(new Object[] {"", "glibc 2.", "malloc_trim", 95}, new Object[] {"libjemalloc.so.2", "jemalloc ", "arena.4096.purge", 95},
            // mimalloc keeps free pages of a segment (32 MiB) in which the JVM itself has a block: 78 to 92 % came back in a dozen runs
            new Object[] {"libmimalloc.so.2", "mimalloc 2.", "mi_collect", 70},
            new Object[] {"libtcmalloc_minimal.so.4", "tcmalloc gperftools 2.", "MallocExtension_ReleaseToSystem", 95},
            new Object[] {"libtcmalloc.so.4", "tcmalloc gperftools 2.", "MallocExtension_ReleaseToSystem", 95});
    }

    /** What is purged, and how, is the allocator's. */
    private static List<Arguments> inTurn(Object[]... rows) {
        List<Arguments> cases = new ArrayList<>();
        for (int row = 0; row < rows.length; row++) {
            for (Jdk jdk : Jdks.inTurn(row)) {
                cases.add(Arguments.of(Stream.concat(Stream.of(jdk), Stream.of(rows[row])).toArray()));
            }
        }
        return cases;
    }

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everywhere")
    void returnsNearlyAllThatWasFreed(Jdk jdk, String preloaded, String allocator, String way, int percent) {
        PurgeRun run = PurgeRun.of(preloaded.isEmpty() ? PurgeRun.command(jdk) : PurgeRun.command(jdk).env("LD_PRELOAD", installed(preloaded).toString()));
        assertTrue(run.value("first.allocator").startsWith(allocator), () -> run.value("first.allocator"));
        assertEquals(way, run.value("first.way"));
        assertEquals("", run.value("first.note"));
        run.assertReturned(percent);
        run.assertNoTrouble();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void skipsWhenThereIsNothingToGain(Jdk jdk) {
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).env("LD_PRELOAD", installed("libjemalloc.so.2").toString()));
        assertEquals("skipped", run.value("second.way"));
        assertTrue(run.value("second.note").endsWith("KiB to gain"), () -> run.value("second.note"));
        assertTrue(run.bytes("second.allocatedBytes") > 0);
        assertTrue(run.value("found").contains("background_thread=false dirty_decay_ms=10000 muzzy_decay_ms=0 narenas="), () -> run.value("found"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void findsACopyThatIsNotBehindMalloc(Jdk jdk) {
        Path copy = installed("libjemalloc.so.2");
        // this build is meant for preloading only: its thread-local variables need room that others do not
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).env("GLIBC_TUNABLES", "glibc.rtld.optional_static_tls=16384").option("-Dscenario.load=" + copy));
        assertTrue(run.value("first.allocator").startsWith("glibc 2."));
        assertEquals("malloc_trim", run.value("first.way"));
        assertTrue(run.value("first.note").matches("also jemalloc \\S+ in \\S+/" + copy.getFileName() + ": .*"), () -> run.value("first.note"));
        run.assertAllReturned();
        run.assertNoTrouble();
    }

    /** Glibc goes on counting what it has returned as free; a trim stops threads, so it must not be repeated for that. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("stalling")
    void doesNotStopThreadsAgainForNothing(Jdk jdk, String preloaded) {
        PurgeRun run = PurgeRun.of(preloaded.isEmpty() ? PurgeRun.command(jdk) : PurgeRun.command(jdk).env("LD_PRELOAD", installed(preloaded).toString()));
        assertTrue(run.bytes("first.returnedBytes") > PurgeScenario.FREED_BYTES / 2);
        assertEquals("skipped", run.value("second.way"));
        assertTrue(run.value("second.note").matches("only \\d+ KiB to gain"), () -> run.value("second.note"));
    }

    static List<Arguments> stalling() {
        return Jdks.all().stream().flatMap(jdk -> Stream.of(Arguments.of(jdk, ""), Arguments.of(jdk, "libtcmalloc_minimal.so.4"))).toList();
    }

    static List<Arguments> copies() {
        // LWJGL's builds, with the prefix je_ and without statistics, serve only those who call them
        return inTurn(new Object[] {"3.1.2", "jemalloc 3.6.0", "arena.<i>.purge"}, new Object[] {"3.1.6", "jemalloc ~5.0", "arena.4096.purge"},
            new Object[] {"3.2.3", "jemalloc ~5.2", "arena.4096.purge"}, new Object[] {"3.3.6", "jemalloc ~5.3", "arena.4096.purge"});
    }

    @ParameterizedTest(name = "{0} LWJGL {1}")
    @MethodSource("copies")
    void purgesAPrivateCopyOfEachAge(Jdk jdk, String release, String name, String way) {
        String entry = release.startsWith("3.1") ? "libjemalloc.so" : "linux/x64/org/lwjgl/jemalloc/libjemalloc.so";
        Path copy = MavenJars.unpack(fetched("org.lwjgl", "lwjgl-jemalloc", release, "-natives-linux"), entry, directory);
        PurgeRun run = PurgeRun.of(calling(PurgeRun.command(jdk)).option("-Dscenario.private=" + copy + ",je_"));
        assertTrue(run.value("first.one").startsWith("glibc 2."), () -> run.value("first.one"));
        long returned = Long.parseLong(run.jvm().await("^first\\.one=" + Pattern.quote(name + " false " + way + " returned ") + "(\\d+)", LIMIT).group(1));
        assertTrue(returned > 40_000_000, () -> run.jvm().failure("nine tenths of 52 MB were freed").getMessage());
        assertTrue(run.value("second.note").contains("also " + name + " in " + copy + ": skipped, only "), () -> run.value("second.note"));
        run.assertAllReturned();
        run.assertNoTrouble();
    }

    /** DuckDB's jemalloc is linked into its library, and in nobody's sight; the one preloaded is the program's. */
    @ParameterizedTest
    @MethodSource("jdks")
    void purgesACopyThatALibraryKeepsToItself(Jdk jdk) {
        Path engine = fetched("org.duckdb", "duckdb_jdbc", "1.4.1.0", "");
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).env("LD_PRELOAD", installed("libjemalloc.so.2").toString()).option("-Dscenario.database=jdbc:duckdb:")
            .alsoOnClasspath(engine));
        assertTrue(run.value("first.one").startsWith("jemalloc 5.3.0 true arena.4096.purge"), () -> run.value("first.one"));
        assertTrue(run.value("first.note").matches("also jemalloc \\S+ in \\S+duckdb_java\\S+: arena.4096.purge returned \\d{2,} MiB"), () -> run.value("first.note"));
        run.assertNoTrouble();
    }

    /** RocksDB, under a jemalloc that serves it too, and under none. */
    @ParameterizedTest
    @MethodSource("jdks")
    void anEngineWithoutACopyIsServedByTheProgramsOwn(Jdk jdk) {
        Path engine = fetched("org.rocksdb", "rocksdbjni", "11.8.1", "");
        Path library = MavenJars.unpack(engine, "librocksdbjni-linux64.so", directory);
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).env("LD_PRELOAD", installed("libjemalloc.so.2").toString()).option("-Dscenario.load=" + library).alsoOnClasspath(engine));
        assertTrue(run.value("first.allocator").startsWith("jemalloc 5."));
        assertEquals("", run.value("first.note"));
        run.assertNoTrouble();
    }

    /**
     * Glibc under RocksDB beside a preloaded jemalloc: one whose functions have a prefix, so that it takes nobody's malloc, and which somebody else calls. The other way that was tried,
     * RTLD_DEEPBIND, kills the process without Ebb (docs/allocators.md).
     */
    @ParameterizedTest
    @MethodSource("jdks")
    void glibcUnderRocksDbIsPurgedBesideAPreloadedJemalloc(Jdk jdk) {
        Path engine = fetched("org.rocksdb", "rocksdbjni", "11.8.1", "");
        Path jemalloc = MavenJars.unpack(fetched("org.lwjgl", "lwjgl-jemalloc", "3.3.6", "-natives-linux"), "linux/x64/org/lwjgl/jemalloc/libjemalloc.so", directory);
        PurgeRun run = PurgeRun.of(calling(PurgeRun.command(jdk)).env("LD_PRELOAD", jemalloc.toString()).option("-Dscenario.private=" + jemalloc + ",je_")
            .option("-Dscenario.rocksdb=" + directory.resolve("database")).alsoOnClasspath(engine));
        assertEquals("100000", run.value("records"));
        assertReturned(run, "glibc \\S+ true malloc_trim", 4_000_000);
        // half of the block cache, which the close has freed: some of it by itself, where it lay at the end of the heap
        assertTrue(Long.parseLong(run.value("rssPrivate")) - Long.parseLong(run.value("rssPurged")) > 16_000_000 + 40_000_000, () -> run.jvm().failure("RSS did not fall").getMessage());
        assertReturned(run, "jemalloc ~5.3 false arena.4096.purge", 40_000_000);
        assertTrue(run.value("second.note").matches("only \\d+ KiB to gain; also jemalloc ~5.3 in \\S+: skipped, only \\d+ KiB to gain"), () -> run.value("second.note"));
        run.assertNoTrouble();
    }

    private static void assertReturned(PurgeRun run, String which, long leastBytes) {
        long returned = Long.parseLong(run.jvm().await("^first\\.one=" + which + " returned (\\d+)", LIMIT).group(1));
        assertTrue(returned > leastBytes, () -> run.jvm().failure(which + " returned only " + returned).getMessage());
    }

    /** A library that calls __libc_malloc has its blocks in libc's heap, whatever was preloaded. */
    @ParameterizedTest
    @MethodSource("jdks")
    void findsAndPurgesGlibcBesideAPreloadedAllocator(Jdk jdk) {
        for (String preloaded : List.of("libjemalloc.so.2", "libmimalloc.so.2", "libtcmalloc_minimal.so.4")) {
            PurgeRun run = PurgeRun.of(calling(PurgeRun.command(jdk)).env("LD_PRELOAD", installed(preloaded).toString()).option("-Dscenario.private=libc.so.6,__libc_"));
            assertGlibcBeside(run, 40_000_000); // nine tenths of 52 MB were freed
        }
    }

    /** The first purge returns what libc's heap does not need, and tells what it holds; the second has nothing to do. */
    private static void assertGlibcBeside(PurgeRun run, long leastBytes) {
        long returned = Long.parseLong(run.jvm().await("^first\\.one=glibc \\S+ false malloc_trim returned (\\d+)", LIMIT).group(1));
        assertTrue(returned > leastBytes, () -> run.jvm().failure("returned only " + returned).getMessage());
        assertTrue(run.value("second.note").matches(".*also glibc \\S+ in \\S+: skipped, only \\d+ KiB to gain"), () -> run.value("second.note"));
        run.assertNoTrouble();
    }

    /** The race of purges with collections, forks and other threads' malloc; native/check soak is the longer one, without a JVM. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("preloads")
    void neitherHangsNorCrashesBesideCollectionsAndForks(Jdk jdk, String preloaded) {
        ForkedJvm.Command command = calling(ForkedJvm.java(jdk).option("-Xmx64m").main(PurgeSoak.class));
        try (ForkedJvm jvm = (preloaded.isEmpty() ? command : command.env("LD_PRELOAD", installed(preloaded).toString())).start()) {
            jvm.await("^done$", LIMIT);
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            assertEquals("done\n", jvm.stdout());
        }
    }

    static List<Arguments> preloads() {
        return inTurn(new Object[] {""}, new Object[] {"libjemalloc.so.2"}, new Object[] {"libmimalloc.so.2"}, new Object[] {"libtcmalloc_minimal.so.4"});
    }

    /** A purge that answers 0 and has done nothing, as jemalloc's while another thread purges, is seen and tried again. */
    @ParameterizedTest
    @MethodSource("jdks")
    void triesAgainWhatHadNoEffect(Jdk jdk) {
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("-Dscenario.load=" + NativeCalls.library().resolveSibling("libbusyjemalloc.so")));
        assertTrue(run.value("first.note").contains("also jemalloc 5.9.9 in "), () -> run.value("first.note"));
        assertTrue(run.value("first.note").endsWith("purged twice, since it did nothing while another thread purged"), () -> run.value("first.note"));
        assertTrue(run.value("second.note").endsWith("skipped, only 0 KiB to gain"), () -> run.value("second.note"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void knowsGooglesTcmalloc(Jdk jdk) {
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).option("-Dscenario.load=" + NativeCalls.library().resolveSibling("libgoogletcmalloc.so")));
        assertTrue(run.value("first.note").contains("also tcmalloc google in "), () -> run.value("first.note"));
        assertTrue(run.value("first.note").contains(": MallocExtension_Internal_ReleaseMemoryToSystem"), () -> run.value("first.note"));
        assertTrue(run.value("second.note").endsWith("skipped, only 0 KiB to gain"), () -> run.value("second.note"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void isNotDisturbedByAnInterruptAndKeepsIt(Jdk jdk) {
        PurgeRun run = PurgeRun.of(PurgeRun.command(jdk).args("interrupted"));
        assertEquals("malloc_trim", run.value("first.way"));
        assertEquals("true", run.value("interrupted"));
        run.assertNoTrouble();
    }

    @Test
    void aJvmThatNeverPurgesIsNeverWarned() {
        Optional<Jdk> warning = Jdks.all().stream().filter(jdk -> jdk.feature() >= 24).findFirst();
        assumeTrue(warning.isPresent(), "needs a JDK 24 or newer beside the running one");
        try (ForkedJvm jvm = ForkedJvm.java(warning.get()).main(ResidentScenario.class).start()) {
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            assertEquals("", jvm.stderr());
        }
    }

    private static ForkedJvm.Command calling(ForkedJvm.Command command) {
        return command.option("-D" + NativeCalls.PROPERTY + "=" + NativeCalls.library());
    }

    private static Path fetched(String group, String artifact, String version, String classifier) {
        Optional<Path> jar = MavenJars.jar(group, artifact, version, classifier);
        assumeTrue(jar.isPresent(), artifact + " " + version + " is not in the local repository; .ci/run fetches it");
        return jar.get();
    }

    private static Path installed(String library) {
        Optional<Path> path = Libraries.installed(library);
        assumeTrue(path.isPresent(), library + " is not installed");
        return path.get();
    }
}
