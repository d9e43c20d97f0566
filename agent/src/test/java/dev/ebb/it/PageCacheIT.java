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

/** A load that leaves a GiB of an old file in the page cache: the verdict names it, with the bytes within three hundredths. The kernel counts those by container: a test beside this one that deletes a file makes them fewer. */
@Isolated
class PageCacheIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int RUNS = 10;
    private static final double TOLERANCE = 0.03;

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
            Run run = run(jdk, Files.createDirectory(directory.resolve("run" + i)));
            assumeTrue(run.verdict.has("pageCacheBytes"), "this system does not tell what is in the page cache");
            seen.add(run.verdict);
            long bytes = run.verdict.getLong("pageCacheBytes");
            assertTrue(bytes <= run.bytes * (1 + TOLERANCE), run.verdict::toString);
            if (bytes >= run.bytes * (1 - TOLERANCE)) {
                assertEquals("page-cache", run.verdict.getString("verdict"), run.verdict::toString);
                assertTrue(run.verdict.getArray("holders").toString().contains("are in the page cache"), run.verdict::toString);
                return;
            }
        }
        fail("never all of it: " + seen);
    }

    /** @param bytes what the load has written */
    private record Run(long bytes, JsonObject verdict) { }

    private static Run run(Jdk jdk, Path directory) throws IOException {
        try (ForkedJvm jvm = VerdictTableIT.command(jdk, "pageCache", directory).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"label\":\"waiting\"", LIMIT);
            jvm.send("");
            long bytes = Long.parseLong(jvm.await("^took (\\d+)$", LIMIT).group(1));
            jvm.await("\"event\":\"verdict\"", LIMIT);
            return new Run(bytes, log.only("verdict", "pageCache"));
        } finally {
            Files.delete(directory.resolve("old"));
        }
    }
}
