package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Leaving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A load that leaves 96 MiB of an old file in the page cache. The kernel counts those by container: a test beside this one that deletes a file makes them fewer. */
@Isolated
class PageCacheIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final long BYTES = 96 << 20;
    /** As README and Balance have it. */
    private static final long NOISE_BYTES = 16 << 20;

    private static final int RUNS = 10;

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    /**
     * What the kernel takes from the container at that moment (it reclaims cold pages, and drops those of files that tests before have deleted) makes the
     * count fall, whatever Ebb does: so one of some runs has to see it all, and none may see more than was written.
     */
    @ParameterizedTest
    @MethodSource("jdks")
    void theVerdictNamesThePageCacheAndTheBytes(Jdk jdk) throws IOException {
        List<JsonObject> seen = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            JsonObject verdict = verdict(jdk, Files.createDirectory(directory.resolve("run" + i)));
            assumeTrue(verdict.has("pageCacheBytes"), "this system does not tell what is in the page cache");
            seen.add(verdict);
            long bytes = verdict.getLong("pageCacheBytes");
            assertTrue(bytes <= BYTES + NOISE_BYTES, () -> verdict.toString());
            if (bytes >= BYTES - NOISE_BYTES) {
                assertEquals("page-cache", verdict.getString("verdict"), () -> verdict.toString());
                return;
            }
        }
        fail("never " + BYTES + " bytes: " + seen);
    }

    private static JsonObject verdict(Jdk jdk, Path directory) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Leaving.class, "scenario.Leaving#load as {0}").args("page-cache", directory.toString())
            .option("--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xms64m", "-Xmn32m");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"event\":\"verdict\"", LIMIT);
            jvm.send("");
            jvm.send("");
            log.assertEndedWell("waiting", "let go");
            return log.only("verdict", "page-cache");
        }
    }
}
