package dev.ebb.doctor;

import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The row of {@link TruthTableIT} that the kernel counts by container: a test beside this one that writes or deletes a file would change it. */
@Isolated
class PageCacheTruthIT {
    private static final int RUNS = 5;

    @TempDir
    private Path directory;

    /** The kernel reclaims cold pages, and drops those of files that tests before have deleted, when it likes: one of some runs has to be undisturbed. */
    @Test
    void thePageCacheIsExplained() throws IOException {
        Jdk jdk = Jdks.running();
        AssertionError last = null;
        for (int i = 0; i < RUNS; i++) {
            Path place = Files.createDirectory(directory.resolve("run" + i));
            try {
                TruthTableIT.explain(TruthTableIT.command(jdk, "pageCache", "", place), jdk, "page-cache", "pageCacheBytes");
                return;
            } catch (AssertionError e) {
                last = e;
            }
        }
        throw last;
    }
}
