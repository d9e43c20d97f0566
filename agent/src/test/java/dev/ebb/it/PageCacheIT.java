package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Leaving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A load that leaves 96 MiB of an old file in the page cache. The kernel counts those by container: a test beside this one that deletes a file makes them fewer. */
@Isolated
class PageCacheIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final long BYTES = 96 << 20;
    /** As README and Balance have it. */
    private static final long NOISE_BYTES = 16 << 20;

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theVerdictNamesThePageCacheAndTheBytes(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Leaving.class, "scenario.Leaving#load as {0}").args("page-cache", directory.toString())
            .option("--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xms64m", "-Xmn32m");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"event\":\"verdict\"", LIMIT);
            JsonObject verdict = log.only("verdict", "page-cache");
            assumeTrue(verdict.has("pageCacheBytes"), "this system does not tell what is in the page cache");
            assertEquals("page-cache", verdict.getString("verdict"), () -> verdict.toString());
            // never more than the load wrote; less, if the kernel drops other pages of the container at that moment
            assertTrue(verdict.getLong("pageCacheBytes") > NOISE_BYTES && verdict.getLong("pageCacheBytes") <= BYTES + NOISE_BYTES, () -> verdict.toString());
            jvm.send("");
            jvm.send("");
            log.assertEndedWell("waiting", "let go");
        }
    }
}
