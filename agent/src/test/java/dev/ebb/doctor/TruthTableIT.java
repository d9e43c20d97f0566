package dev.ebb.doctor;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.Libraries;
import dev.ebb.testing.MavenJars;
import dev.ebb.testing.NativeCalls;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassWriter;
import scenario.Patients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Processes that hold memory in ways known by construction: the doctor, attached twice, sees it come under the right name, within three hundredths, and names it as the first cause.
 */
class TruthTableIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final double TOLERANCE = 0.03;
    private static final String GLIBC = "";
    private static final String JEMALLOC = "libjemalloc.so.2";
    private static final String MIMALLOC = "libmimalloc.so.2";
    private static final String TCMALLOC = "libtcmalloc_minimal.so.4";

    @TempDir
    private Path directory;

    static List<Arguments> patients() {
        List<Arguments> rows = new ArrayList<>();
        for (Jdk jdk : Jdks.all()) {
            rows.add(Arguments.of(jdk, "live", GLIBC, "allocator-live", "allocatorLiveBytes"));
            rows.add(Arguments.of(jdk, "freed", JEMALLOC, "allocator-cached", "dirtyBytes"));
        }
        Jdk jdk = Jdks.running();
        rows.add(Arguments.of(jdk, "live", JEMALLOC, "allocator-live", "allocatorLiveBytes"));
        rows.add(Arguments.of(jdk, "live", TCMALLOC, "allocator-live", "allocatorLiveBytes"));
        rows.add(Arguments.of(jdk, "live", MIMALLOC, "allocator-live", "allocatorLiveBytes"));
        rows.add(Arguments.of(jdk, "untouched", GLIBC, "", "untouchedBytes"));
        rows.add(Arguments.of(jdk, "freed", GLIBC, "allocator-cached", "dirtyBytes"));
        rows.add(Arguments.of(jdk, "freed", TCMALLOC, "allocator-cached", "allocatorCachedBytes"));
        rows.add(Arguments.of(jdk, "private", JEMALLOC, "private-allocator-cached", "privateCachedBytes"));
        rows.add(Arguments.of(jdk, "private", GLIBC, "private-allocator-cached", "privateCachedBytes"));
        rows.add(Arguments.of(jdk, "libc", JEMALLOC, "private-allocator-cached", "privateCachedBytes"));
        rows.add(Arguments.of(jdk, "fragmented", GLIBC, "fragmentation", "fragmentedBytes"));
        rows.add(Arguments.of(jdk, "fragmented", JEMALLOC, "fragmentation", "fragmentedBytes"));
        rows.add(Arguments.of(jdk, "threads", JEMALLOC, "thread-caches", "threadCachesBytes"));
        rows.add(Arguments.of(jdk, "leakedByThread", GLIBC, "allocator-live", "allocatorLiveBytes"));
        rows.add(Arguments.of(jdk, "freedByThread", JEMALLOC, "allocator-cached", "dirtyBytes"));
        rows.add(Arguments.of(jdk, "mapped", GLIBC, "mapped", "mappedBytes"));
        rows.add(Arguments.of(jdk, "deleted", GLIBC, "mapped-deleted", "deletedMappedBytes"));
        rows.add(Arguments.of(jdk, "huge", GLIBC, "thp", "thpExcessBytes"));
        rows.add(Arguments.of(jdk, "mmap", GLIBC, "unexplained", "unexplainedBytes"));
        rows.add(Arguments.of(jdk, "mmap", JEMALLOC, "unexplained", "unexplainedBytes"));
        rows.add(Arguments.of(jdk, "behindLibrary", GLIBC, "unexplained", "unexplainedBytes"));
        rows.add(Arguments.of(jdk, "direct", GLIBC, "direct", "directBytes"));
        rows.add(Arguments.of(jdk, "heap", GLIBC, "heap", "heapBytes"));
        // what the JVM itself takes from malloc for such deep stacks may be more than they are
        rows.add(Arguments.of(jdk, "stacks", GLIBC, "", "stacksBytes"));
        rows.add(Arguments.of(jdk, "classes", GLIBC, "metaspace", "metaspaceBytes"));
        return rows;
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("patients")
    void isExplained(Jdk jdk, String way, String preloaded, String cause, String field) {
        assumeTrue(!way.equals("huge") || !hugePages().contains("[never]"), "this machine has transparent huge pages switched off");
        explain(command(jdk, way, preloaded, directory), jdk, cause, field);
    }

    /** @param cause of the first finding after it; empty for one that is none */
    static void explain(ForkedJvm.Command command, Jdk jdk, String cause, String field) {
        try (ForkedJvm patient = command.start()) {
            patient.await("^before$", LIMIT);
            JsonObject before = examine(jdk, patient);
            patient.send("");
            long bytes = Long.parseLong(patient.await("^after (\\d+)$", LIMIT).group(1));
            JsonObject after = examine(jdk, patient);
            long seen = after.getLong(field) - before.getLong(field);
            assertEquals(bytes, seen, bytes * TOLERANCE, () -> field + " rose by " + seen + " and not by " + bytes + "\n" + before + "\n" + after);
            if (!cause.isEmpty()) {
                assertEquals(cause, first(after), after::toString);
            }
            assertSumsUp(after);
        }
    }

    /** A part of RSS that was counted twice or forgotten would show. */
    private static void assertSumsUp(JsonObject account) {
        long sum = 0;
        for (String part : List.of("heap", "metaspace", "code", "gc", "stacks", "direct", "mapped", "deletedMapped", "libraries", "allocatorLive", "allocatorCached", "allocatorMetadata",
            "thpExcess", "unexplained")) {
            sum += account.getLong(part + "Bytes");
        }
        assertEquals(account.getLong("residentBytes"), sum);
    }

    private static String first(JsonObject account) {
        JsonArray findings = account.getArray("findings");
        assertTrue(!findings.isEmpty() && !findings.getObject(0).getString("remedy").isEmpty(), account::toString);
        return findings.getObject(0).getString("cause");
    }

    static ForkedJvm.Command command(Jdk jdk, String way, String preloaded, Path directory) {
        ForkedJvm.Command command = ForkedJvm.java(jdk).classpath(AgentJvm.home(Patients.class), AgentJvm.home(ClassWriter.class)).main(Patients.class).args(way.equals("libc") ? "private" : way, directory.toString())
            .option("-XX:+UseSerialGC", "-Xms32m", "-Xmn8m", "-Xmx600m", "-XX:MaxDirectMemorySize=600m", "-XX:TieredStopAtLevel=1").option("-D" + NativeCalls.PROPERTY + "=" + NativeCalls.library());
        if (way.equals("private")) {
            Optional<Path> jar = MavenJars.jar("org.lwjgl", "lwjgl-jemalloc", "3.3.6", "-natives-linux");
            assumeTrue(jar.isPresent(), "LWJGL's jemalloc is not in the local repository; .ci/run fetches it");
            command.option("-Dscenario.private=" + MavenJars.unpack(jar.get(), "linux/x64/org/lwjgl/jemalloc/libjemalloc.so", directory) + ",je_");
        }
        if (way.equals("libc")) {
            command.option("-Dscenario.private=libc.so.6,__libc_");
        }
        if (!preloaded.isEmpty()) {
            Optional<Path> library = Libraries.installed(preloaded);
            assumeTrue(library.isPresent(), preloaded + " is not installed");
            // what was freed stays; and there is room in thread caches for blocks of 256 KiB
            command.env("LD_PRELOAD", library.get().toString()).env("MALLOC_CONF", "dirty_decay_ms:-1,oversize_threshold:0,lg_tcache_max:18");
        }
        return command;
    }

    private static JsonObject examine(Jdk jdk, ForkedJvm patient) {
        try (ForkedJvm doctor = ForkedJvm.java(jdk).jar(AgentJvm.jar()).args("doctor", Long.toString(patient.pid()), "--json").start()) {
            assertEquals(0, doctor.waitFor(LIMIT), () -> doctor.failure("the doctor failed").getMessage());
            return JsonParser.object().from(doctor.stdout());
        } catch (JsonParserException e) {
            throw new AssertionError(e);
        }
    }

    private static String hugePages() {
        try {
            return Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"));
        } catch (IOException e) {
            return "[never]";
        }
    }
}
