package dev.ebb.it;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.SeamAgent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Seamed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Each method of Ebb's in which something may go wrong fails in turn, with an exception, an error, no memory, no stack, or by hanging, while a program loads: it must see the same as ever, keep what it uses, and
 * Ebb must go on, or say that it only watches. {@code verify} makes a part of these failures; {@code -Debb.test.seams=1} makes each, which takes an hour and more for each JDK; 2, every second one.
 */
@Execution(ExecutionMode.CONCURRENT)
class SeamIT {
    private static final int APART = Integer.getInteger("ebb.test.seams", 293);
    private static final Duration LIMIT = Duration.ofMinutes(APART < 100 ? 240 : 4);
    private static final int NO_LIMIT = 1_000_000;

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whateverFailsTheProgramNoticesNothing(Jdk jdk) throws Exception {
        Path agent = SeamAgent.jar(directory);
        int made = 0;
        Path in = Files.createDirectory(directory.resolve("in"));
        List<String> uncounted = new ArrayList<>();
        // a JVM in which Ebb has said that it only watches from now on is followed by another one
        for (String next = "0"; !next.equals("all");) {
            try (ForkedJvm jvm = seamed(jdk, agent, in).args(in.toString(), next, Integer.toString(APART), Integer.toString(NO_LIMIT)).start()) {
                assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
                assertEquals(List.of(), jvm.stdout().lines().filter(line -> line.startsWith("WRONG ")).toList(), () -> jvm.failure("the program noticed").getMessage());
                jvm.stdout().lines().filter(line -> line.startsWith("uncounted ")).forEach(uncounted::add);
                MatchResult end = jvm.await("^end (\\w+) made (\\d+) unmade \\d+ uncounted \\d+ rounds \\d+ threads \\[(.*)]$", Duration.ofSeconds(1));
                next = end.group(1);
                made += Integer.parseInt(end.group(2));
                assertTrue(end.group(3).contains("ebb-worker"), () -> jvm.failure("the worker is gone").getMessage());
            }
        }
        // what a failure has interrupted is done by the next start
        try (ForkedJvm jvm = seamed(jdk, agent, in).args(in.toString(), "0", "1", "0").start()) {
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            assertEquals(List.of(), trash(in), () -> jvm.failure("trash is left").getMessage());
        }
        assertTrue(made >= 3000 / APART / 2, "too few failures were made: " + made);
        System.err.println(jdk + ": " + made + " failures, not counted by Ebb: " + uncounted);
        for (String failure : uncounted) {
            assertTrue(failure.matches("uncounted (OUT_OF_MEMORY|STACK_OVERFLOW) at .*") || SWALLOWED.stream().anyMatch(failure::endsWith), failure);
        }
    }

    /** A file whose size cannot be told counts as empty; what fails on the thread of a close stands in the line of that step. */
    private static final List<String> SWALLOWED = List.of("rollback.Deleter#bytes(Ldev/ebb/load/CreatedFile;)J", "record.Recorder#charge(Ldev/ebb/load/Load;)V");

    private static List<String> trash(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(".ebb-")).toList();
        }
    }

    private static ForkedJvm.Command seamed(Jdk jdk, Path agent, Path directory) {
        return AgentJvm.unwoven(jdk, Seamed.class).option("-javaagent:" + agent, "-javaagent:" + AgentJvm.jar())
            .option("-Debb.loads=scenario.Seamed#load as {0};scenario.Seamed#late as {0};scenario.Seamed#publish as {0};scenario.Seamed#block as {0}", "-Debb.release=scenario.Seamed#release",
                "-Debb.track=scenario.Seamed$Handle", "-Debb.files=" + directory, "-Debb.rollback.gc.interval=50ms", "-Debb.rollback.grace=300ms", "-Debb.purge=on", "-Debb.purge.interval=0",
                "-Debb.report.dir=" + directory.resolveSibling("reports"))
            .option(jdk.feature() < 24 ? new String[0] : new String[] {"--enable-native-access=ALL-UNNAMED"});
    }
}
