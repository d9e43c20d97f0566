package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Phases;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A load may time out at any moment: before it has taken anything, in a write, while it publishes, in its return. Whenever, all is given back, once, but what was published. */
@Execution(ExecutionMode.CONCURRENT)
class PhasesIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final List<String> GIVEN_BACK = List.of("nothing", "written", "writes", "mapped", "allocated", "helped", "part", "fails", "cleans", "returns");
    private static final List<String> PUBLISHED = List.of("publishes", "published");

    @TempDir
    private Path directory;

    static List<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>();
        for (Jdk jdk : Jdks.all()) {
            for (String way : List.of("get", "cancel", "deadline")) {
                ways.add(Arguments.of(jdk, way));
            }
        }
        return ways;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("ways")
    void aTimeoutInAnyPhaseIsUndone(Jdk jdk, String way) throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", directory.resolve("pipe").toString()).start().waitFor());
        ForkedJvm.Command command = AgentJvm.command(jdk, Phases.class, "scenario.Phases#load as {0}", "scenario.Phases#part as {0}")
            .option("-Debb.files=" + directory, "-Debb.rollback.grace=500ms").args(directory.toString(), way);
        if (way.equals("deadline")) {
            // all have come to their phase by then: one that has not would be ended where it takes something
            command.option("-Debb.load.timeout=scenario.Phases#load=8s");
        }
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            // now Ebb knows what loads return
            log.await("load.completed", "good");
            jvm.send("begin");
            jvm.await("^waiting$", LIMIT);
            if (way.equals("deadline")) {
                // each at its own moment: who goes on too early has completed
                for (String label : Stream.concat(GIVEN_BACK.stream(), PUBLISHED.stream()).toList()) {
                    assertTrue(log.await("load.timed-out", label).getBoolean("running"), label);
                }
            }
            jvm.send("go on");
            jvm.await("^ended$", LIMIT);
            List<String> givenBack = new ArrayList<>(GIVEN_BACK);
            if (!way.equals("deadline")) {
                givenBack.add("returned");
            }
            for (String label : givenBack) {
                JsonObject verdict = log.await("verdict", label, ".*\"verdict\":\"returned\"");
                assertEquals("0 0 0", verdict.getLong("directBytes") + " " + verdict.getLong("mappedBytes") + " " + verdict.getInt("openFiles"), verdict::toString);
            }
            for (String label : PUBLISHED) {
                log.await("verdict", label, ".*\"verdict\":\"live\"");
            }
            jvm.send("tell");
            log.assertUntroubled(0);
            assertEquals(List.of("fails closed 1", "cleans closed 1", "publishes closed 0 with its file", "published closed 0 with its file", "returns closed 1", "publishes has 60010",
                "published has 60011"), jvm.stdout().lines().filter(line -> line.matches("(fails|cleans|publishe[sd]|returns) .*")).toList());
            // and of the load that has returned before its deadline
            assertEquals(PUBLISHED.size() + (way.equals("deadline") ? 1 : 0), jvm.stdout().lines().filter(line -> line.endsWith("with its file")).count(), jvm::stdout);
        }
    }
}
