package dev.ebb.start;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.MavenJars;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Beside agents that weave much of a program or of the JDK themselves, before them and behind: the program writes what it writes, and its load is recorded and rolled back. */
class OtherAgentsIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    static List<Arguments> rows() {
        List<Arguments> rows = new ArrayList<>();
        int row = 0;
        for (String other : new String[] {"JaCoCo", "BlockHound", "OpenTelemetry"}) {
            for (boolean before : new boolean[] {true, false}) {
                // each pair of other and order on one JDK; the other order takes the other JDK
                for (Jdk jdk : Jdks.inTurn(row++)) {
                    rows.add(Arguments.of(other, before, jdk));
                }
            }
        }
        return rows;
    }

    @ParameterizedTest(name = "{0}, Ebb first: {1}, {2}")
    @MethodSource("rows")
    void loadsAreRecordedAndRolledBack(String other, boolean ebbFirst, Jdk jdk) {
        Optional<Path> jar = jar(other);
        assumeTrue(jar.isPresent(), "was not fetched: " + other);
        String theirs = "-javaagent:" + jar.orElseThrow() + (other.equals("JaCoCo") ? "=destfile=" + directory.resolve("jacoco.exec") : "");
        String ours = "-javaagent:" + AgentJvm.jar();
        // BlockHound adds native methods' wrappers to loaded classes, which the JVM allows by this flag alone
        ForkedJvm.Command command = Patient.unwoven(jdk, "load 20000", "give-up 30002016", "read").option("-Xmx200m", "-XX:+AllowRedefinitionToAddDeleteMethods")
            .option(ebbFirst ? ours : theirs, ebbFirst ? theirs : ours).option("-Debb.loads=" + Patient.LOADS, "-Debb.log.format=json", "-Debb.purge=off")
            .option("-Dotel.traces.exporter=none", "-Dotel.metrics.exporter=none", "-Dotel.logs.exporter=none");
        try (ForkedJvm jvm = command.start()) {
            assertEquals("returned", jvm.await("\"event\":\"verdict\".*\"verdict\":\"([a-z-]+)\"", LIMIT).group(1));
            jvm.send("exit 0");
            Run run = Run.endOf(jvm);
            assertEquals(0, run.exitCode(), run::toString);
            assertEquals("loaded 20000\ngave up\n", run.stdout(), run::toString);
            run.assertLoads(1, 20_000);
            assertEquals(1, run.events("rollback.done").size(), run::toString);
            assertEquals(List.of(), run.troubles(), run::toString);
            // an agent that never came would prove nothing
            assertTrue(other.equals("BlockHound") || other.equals("JaCoCo") && directory.resolve("jacoco.exec").toFile().length() > 0
                || run.otherStderr().stream().anyMatch(line -> line.contains("opentelemetry-javaagent - version")), run::toString);
        }
    }

    private static Optional<Path> jar(String other) {
        return switch (other) {
            case "JaCoCo" -> MavenJars.jar("org.jacoco", "org.jacoco.agent", "0.8.14", "-runtime");
            case "BlockHound" -> MavenJars.jar("io.projectreactor.tools", "blockhound", "1.0.13.RELEASE", "");
            default -> MavenJars.jar("io.opentelemetry.javaagent", "opentelemetry-javaagent", "2.21.0", "");
        };
    }
}
