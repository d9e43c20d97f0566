package dev.ebb.it;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.MutatedJar;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.chaos.Chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Many loads at once that come to all sorts of ends, beside readers that verify every word of what the program uses. The system property
 * {@code ebb.test.soak.seconds} makes it a soak; from five minutes on RSS has to be flat.
 */
class ChaosIT {
    private static final int SECONDS = Integer.getInteger("ebb.test.soak.seconds", 20);
    private static final int SOAK_SECONDS = 300;
    private static final long FLAT_MIB = 64;

    @TempDir
    private Path directory;

    static java.util.List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void nothingWantedIsTouchedAndNothingElseStays(Jdk jdk) throws IOException {
        // by turns: what is rolled back after a failure besides
        boolean dirty = jdk.feature() >= 21;
        try (ForkedJvm jvm = command(jdk, AgentJvm.jar(), SECONDS, dirty).start()) {
            int exit = jvm.waitFor(Duration.ofSeconds(SECONDS + 600));
            assertEquals(0, exit, () -> jvm.failure("wrong exit code").getMessage());
            assertTrue(jvm.stdout().contains("SOUND loads"), () -> jvm.failure("not sound").getMessage());
            String log = Files.readString(directory.resolve("ebb.log"));
            assertFalse(log.contains("\"event\":\"trouble\""), () -> jvm.failure("trouble in Ebb's log").getMessage());
            assertTrue(log.contains("\"event\":\"ebb.stopped\""), () -> jvm.failure("not stopped").getMessage());
            if (SECONDS >= SOAK_SECONDS) {
                assertFlat(jvm);
            }
        }
    }

    private static void assertFlat(ForkedJvm jvm) {
        MatchResult medians = jvm.await("samples \\d+ rss (\\d+) (\\d+) heap \\d+ \\d+ descriptors (\\d+) (\\d+) ebb (\\d+) (\\d+)", Duration.ofSeconds(1));
        assertTrue(Long.parseLong(medians.group(2)) <= Long.parseLong(medians.group(1)) + FLAT_MIB, () -> jvm.failure("RSS grew").getMessage());
        assertTrue(Long.parseLong(medians.group(4)) <= Long.parseLong(medians.group(3)) + 2, () -> jvm.failure("descriptors grew").getMessage());
        assertTrue(Long.parseLong(medians.group(6)) <= Long.parseLong(medians.group(5)) + 1, () -> jvm.failure("Ebb's threads grew").getMessage());
    }

    /** Whatever a mutated Ebb does, it must not pass for sound: a fault that the program tells, or the end of the JVM. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aProofThatIsSkippedIsNoticed(Jdk jdk) throws IOException {
        Path jar = directory.resolve("without-proof.jar");
        MutatedJar.answerTrue(AgentJvm.jar(), jar, "dev/ebb/rollback/Proof", "resultFree");
        MutatedJar.answerTrue(jar, directory.resolve("mutated.jar"), "dev/ebb/rollback/Proof", "isComplete");
        try (ForkedJvm jvm = command(jdk, directory.resolve("mutated.jar"), 60, false).start()) {
            assertNotEquals(0, jvm.waitFor(Duration.ofSeconds(600)), () -> jvm.failure("closed what was in use, and nobody noticed").getMessage());
        }
    }

    private ForkedJvm.Command command(Jdk jdk, Path jar, int seconds, boolean dirty) throws IOException {
        Path files = Files.createDirectories(directory.resolve("files"));
        ForkedJvm.Command command = ForkedJvm.java(jdk).classpath(AgentJvm.home(Chaos.class)).main(Chaos.class)
            .option("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=1g", "-XX:ErrorFile=" + directory.resolve("hs_err.log"), "-XX:-CreateCoredumpOnCrash")
            .option("-javaagent:" + jar, "-Debb.loads=scenario.chaos.Engine#load as {0}", "-Debb.track=scenario.chaos.Part", "-Debb.files=" + files)
            .option("-Debb.log.format=json", "-Debb.log.file=" + directory.resolve("ebb.log"));
        command.args(directory.toString(), String.valueOf(seconds), "42");
        return dirty ? command.option("-Debb.rollback.on=failure").args("dirty") : command;
    }
}
