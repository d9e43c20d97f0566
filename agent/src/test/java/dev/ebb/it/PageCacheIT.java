package dev.ebb.it;

import com.grack.nanojson.JsonObject;
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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A load that leaves 96 MiB of an old file in the page cache. The kernel counts those by container: a test beside this one that deletes a file makes them fewer. */
@Isolated
class PageCacheIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
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
            assertTrue(bytes <= VerdictIT.BYTES + VerdictIT.NOISE_BYTES, () -> verdict.toString());
            if (bytes >= VerdictIT.BYTES - VerdictIT.NOISE_BYTES) {
                assertEquals("page-cache", verdict.getString("verdict"), () -> verdict.toString());
                return;
            }
        }
        fail("never " + VerdictIT.BYTES + " bytes: " + seen);
    }

    private static JsonObject verdict(Jdk jdk, Path directory) {
        try (ForkedJvm jvm = VerdictIT.command(jdk, "page-cache", directory).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"event\":\"verdict\"", LIMIT);
            jvm.send("");
            jvm.send("");
            log.assertEndedWell("waiting", "let go");
            return log.only("verdict", "page-cache");
        }
    }
}
