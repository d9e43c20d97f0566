package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.Libraries;
import dev.ebb.testing.MavenJars;
import dev.ebb.testing.NativeCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.LeavingPatient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Loads that time out and leave half a GiB in ways known by construction: the verdict names the cause, and the bytes within three hundredths. The doctor's rows are in TruthTableIT, and
 * the row of the page cache, which has to run alone, is {@link PageCacheIT}.
 */
class VerdictTableIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final double TOLERANCE = 0.03;
    private static final String GLIBC = "";
    private static final String TCMALLOC = "libtcmalloc_minimal.so.4";
    private static final String JEMALLOC = "libjemalloc.so.2";

    @TempDir
    private Path directory;

    /** The way, what is preloaded, whether there is a purge, the verdict, its field with the bytes, and words of its holders. */
    static List<Arguments> rows() {
        return List.of(
            Arguments.of("live", GLIBC, "on", "unexplained", "unexplainedBytes", "MiB in all were allocated by malloc and not freed"),
            Arguments.of("live", JEMALLOC, "on", "unexplained", "nativeBytes", "were allocated by malloc in threads of the load and not freed by them"),
            Arguments.of("leakedByThread", GLIBC, "on", "unexplained", "unexplainedBytes", "MiB in all were allocated by malloc and not freed"),
            Arguments.of("mmap", GLIBC, "on", "unexplained", "unexplainedBytes", "native code has mapped the rest by itself"),
            Arguments.of("huge", GLIBC, "on", "unexplained", "hugePageBytes", "of RSS are transparent huge pages"),
            Arguments.of("freed", GLIBC, "off", "held-by-allocator", "cachedBytes", "are kept by glibc 2\\."),
            Arguments.of("freed", JEMALLOC, "off", "held-by-allocator", "cachedBytes", "are kept by jemalloc 5\\."),
            Arguments.of("freed", TCMALLOC, "off", "held-by-allocator", "cachedBytes", "are kept by tcmalloc gperftools 2\\."),
            Arguments.of("freedByThread", JEMALLOC, "off", "held-by-allocator", "cachedBytes", "are kept by jemalloc 5\\."),
            Arguments.of("threads", JEMALLOC, "on", "held-by-allocator", "threadCachesBytes", "in caches of threads, which each thread alone can give back"),
            Arguments.of("fragmented", GLIBC, "on", "held-by-allocator", "fragmentedBytes", "in pages that blocks which live on keep"),
            Arguments.of("fragmented", JEMALLOC, "on", "held-by-allocator", "fragmentedBytes", "in pages that blocks which live on keep"),
            Arguments.of("private", JEMALLOC, "off", "held-by-allocator", "cachedBytes", "are kept by jemalloc \\S+ in \\S+libjemalloc.so"),
            Arguments.of("libc", JEMALLOC, "off", "held-by-allocator", "cachedBytes", "are kept by glibc \\S+ in \\S+libc.so.6"),
            Arguments.of("mapped", GLIBC, "on", "mapped", "mappedBytes", "the program reaches 1 mappings of the load"),
            Arguments.of("deleted", GLIBC, "on", "mapped", "deletedMappedBytes", "512\\.0 MiB of them in files that are deleted but mapped"),
            Arguments.of("classes", GLIBC, "on", "held-by-heap", "metaspaceBytes", "MiB more of metaspace: classes that were loaded meanwhile"),
            Arguments.of("direct", GLIBC, "on", "held-by-heap", "directBytes", "the program reaches 128 direct buffers"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rows")
    void theVerdictNamesCauseAndBytes(String way, String preloaded, String purge, String verdict, String field, String words) throws Exception {
        assumeTrue(!way.equals("huge") || !Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled")).contains("[never]"), "huge pages are off");
        try (ForkedJvm jvm = command(way, preloaded).option("-Debb.purge=" + purge).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"label\":\"waiting\"" + (field.equals("nativeBytes") ? ".*\"nativeCounted\"" : ""), LIMIT);
            jvm.send("");
            long bytes = Long.parseLong(jvm.await("^took (\\d+)$", LIMIT).group(1));
            jvm.await("\"event\":\"verdict\"", LIMIT);
            JsonObject said = log.events("verdict").get(0);
            assertEquals(verdict, said.getString("verdict"), said::toString);
            assertEquals(bytes, said.getLong(field), bytes * TOLERANCE, () -> field + " of " + said);
            String holders = said.getArray("holders").toString();
            assertTrue(Pattern.compile(words).matcher(holders).find(), said::toString);
        }
    }

    static ForkedJvm.Command command(Jdk jdk, String way, Path directory) {
        ForkedJvm.Command command = AgentJvm.command(jdk, LeavingPatient.class, "scenario.LeavingPatient#load as {0}").args(way, directory.toString())
            .option("-XX:+UseSerialGC", "-Xms64m", "-Xmn32m", "-XX:MaxDirectMemorySize=600m").option("-D" + NativeCalls.PROPERTY + "=" + NativeCalls.library());
        return jdk.feature() >= 24 ? command.option("--enable-native-access=ALL-UNNAMED") : command;
    }

    private ForkedJvm.Command command(String way, String preloaded) {
        String privately = switch (way) {
            case "private" -> privateJemalloc() + ",je_";
            case "libc" -> "libc.so.6,__libc_";
            default -> "";
        };
        ForkedJvm.Command command = command(Jdks.running(), way.equals("libc") ? "private" : way, directory);
        if (!privately.isEmpty()) {
            command.option("-Dscenario.private=" + privately);
        }
        if (!preloaded.isEmpty()) {
            Optional<Path> library = Libraries.installed(preloaded);
            assumeTrue(library.isPresent(), preloaded + " is not installed");
            // what was freed stays until a purge; and there is room in thread caches for blocks of 256 KiB
            command.env("LD_PRELOAD", library.get().toString()).env("MALLOC_CONF", "dirty_decay_ms:-1,oversize_threshold:0,lg_tcache_max:18");
        }
        return command;
    }

    private Path privateJemalloc() {
        Optional<Path> jar = MavenJars.jar("org.lwjgl", "lwjgl-jemalloc", "3.3.6", "-natives-linux");
        assumeTrue(jar.isPresent(), "LWJGL's jemalloc is not in the local repository; .ci/run fetches it");
        return MavenJars.unpack(jar.get(), "linux/x64/org/lwjgl/jemalloc/libjemalloc.so", directory);
    }
}
