package dev.ebb.rollback;

import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Other file systems, full and read-only ones: nothing is deleted, and nothing moved. Skipped where nobody may mount. */
class MountsIT {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "other mount, OTHER_MOUNT null|OTHER_MOUNT null, mounted/directory/file",
        "full disk, FAILED the journal cannot be written.* No space left on device, file",
        "read-only directory, FAILED .*Read-only file system, bound/file",
        "read-only file system, FAILED the journal cannot be written.* Read-only file system, file"})
    void nothingIsDeleted(String what, String results, String left) throws Exception {
        try (ForkedJvm jvm = ForkedJvm.java(Jdks.running()).under(unshare()).main(MountingProgram.class).args(directory.toString(), what).start()) {
            assertEquals(0, jvm.waitFor(Duration.ofSeconds(60)), () -> jvm.failure("failed").getMessage());
            String[] expected = results.split("\\|");
            List<String> lines = jvm.stdout().lines().toList();
            assertEquals(expected.length + 1, lines.size(), jvm.stdout());
            for (int i = 0; i < expected.length; i++) {
                assertTrue(lines.get(i).matches(expected[i]), lines.get(i));
            }
            assertEquals("[" + left + ": load's file]", lines.get(expected.length));
        }
    }

    private static String[] unshare() throws IOException, InterruptedException {
        for (String[] way : new String[][] {{"unshare", "-m"}, {"unshare", "-r", "-m"}}) {
            if (works(way)) {
                return way;
            }
        }
        assumeTrue(false, "no mount namespaces here");
        return null;
    }

    private static boolean works(String... way) throws InterruptedException {
        String[] command = Arrays.copyOf(way, way.length + 5);
        System.arraycopy(new String[] {"mount", "-t", "tmpfs", "none", "/proc"}, 0, command, way.length, 5);
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException noUnshare) {
            return false;
        }
    }
}
