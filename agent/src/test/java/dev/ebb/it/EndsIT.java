package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.NewerScenarios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Ends;
import scenario.Exhausted;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Further ways for a load to end, a row each. */
@Execution(ExecutionMode.CONCURRENT)
class EndsIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final String GONE = "caller timed out, nobody can read the result";

    /** Label, direct bytes when the end is said, outcome, cause; of each that is rolled back, its result is closed once. */
    private static final String[][] ROLLED_BACK = {
        {"fork-join", "51001", "abandoned", GONE},
        {"fork-join-task", "51002", "abandoned", GONE},
        {"any-of-1", "51003", "abandoned", GONE},
        {"any-of-2", "51004", "abandoned", GONE},
        {"scheduled", "51005", "abandoned", GONE},
        {"handled", "51006", "abandoned", GONE},
        {"async-chain", "51007", "abandoned", GONE},
        {"composed", "52001", "abandoned", GONE},
        {"in-stage", "51008", "abandoned", GONE},
        {"in-async-stage", "51009", "abandoned", GONE},
        {"in-compose", "51010", "abandoned", GONE},
        {"complete-on-timeout", "52002", "abandoned", "future completed by somebody else"},
        {"completed-by-others", "52003", "abandoned", "future completed by somebody else"},
        {"retried", "54001", "abandoned", GONE},
        {"beside-given-up", "54003", "abandoned", GONE},
        {"inside", "54005", "abandoned", GONE},
        {"deadline", "55001", "timed-out", "deadline passed"},
    };
    private static final String[][] WANTED = {
        {"latch", "53001", "completed", null},
        {"joined", "53002", "completed", null},
        {"field", "53007", "completed", null},
        {"chain-read", "53003", "completed", null},
        {"sibling-1", "53004", "completed", null},
        {"sibling-2", "53005", "completed", null},
        {"sibling-fails", "53006", "failed", "threw java.lang.IllegalStateException: broken"},
        {"beside-wanted", "54004", "completed", null},
    };

    private static final String[][] EXHAUSTED = {
        {"before", "57000", "completed", null},
        {"after-deep", "57001", "completed", null},
        {"after-out-of-memory", "57004", "completed", null},
        {"around-deep", "57003", "completed", null},
        {"deep", "6", "completed", null},
        {"deep-in-task", "3", "completed", null},
    };

    /** In structured scopes: label, direct bytes, outcome, cause. */
    private static final String[][] IN_SCOPES = {
        {"wanted-1", "58001", "completed", null},
        {"wanted-2", "58002", "completed", null},
        {"beside-failing", "58003", "abandoned", "future cancelled"},
        {"first", "58004", "completed", null},
        {"second", "58005", "abandoned", "future cancelled"},
        {"limited", "58006", "abandoned", "future cancelled"},
        {"inside", "58007", "abandoned", "future cancelled"},
        {"outside", "58008", "timed-out", "threw java.util.concurrent.StructuredTaskScope$TimeoutException"},
    };

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everyEndIsSeen(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Ends.class, "scenario.Engine#load as {0}", "scenario.Engine#fail as {0}", "scenario.Ends#outer as {0}",
            "scenario.Ends#limited as {0}")
            // long enough for a load to have taken what it takes, also where many threads wait for a processor
            .option("-Debb.load.timeout=scenario.Ends#limited=5s", "-Debb.rollback.grace=200ms");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            assertTrue(log.await("load.timed-out", "deadline").getBoolean("running"));
            jvm.send("");
            for (String[] row : ROLLED_BACK) {
                log.await("verdict", row[0], ".*\"verdict\":\"returned\"");
            }
            for (String[] row : WANTED) {
                log.await("load." + row[2], row[0]);
            }
            log.await("verdict", "never-returns", ".*\"verdict\":\"held-by-thread\"");
            jvm.send("");
            List<String> output = new ArrayList<>(List.of("waiting"));
            // in the order in which they are made
            for (String label : ("fork-join fork-join-task any-of-1 any-of-2 scheduled handled async-chain in-stage in-async-stage in-compose composed complete-on-timeout completed-by-others latch joined field "
                + "chain-read sibling-1 sibling-2 retried beside-given-up beside-wanted inside deadline never-returns").split(" ")) {
                boolean closed = List.of(ROLLED_BACK).stream().anyMatch(row -> row[0].equals(label));
                output.add(label + " closed " + (closed ? 1 : 0));
            }
            log.assertEndedWell(output.toArray(new String[0]));

            assertEquals(rows(ROLLED_BACK), found(log, ROLLED_BACK));
            assertEquals(rows(WANTED), found(log, WANTED));
            // the one that was given up and the one that was used bear the same name
            assertEquals(List.of("load.abandoned 54001", "load.completed 54002"), log.about("retried").stream()
                .filter(event -> event.getString("event").startsWith("load.")).map(event -> event.getString("event") + ' ' + event.getLong("directBytes")).sorted().toList());
            JsonObject inside = log.only("load.abandoned", "inside");
            JsonObject outside = log.only("load.timed-out", "outside");
            assertEquals(outside.getLong("load"), inside.getLong("parent"));
            assertEquals(54_006, outside.getLong("directBytes"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theEndOfStackOrHeapMixesNothingUp(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Exhausted.class, "scenario.Exhausted#outer as {0}", "scenario.Exhausted#deep as {0}",
            "scenario.Exhausted#fall as {0}");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            log.await("load.completed", "after-out-of-memory");
            jvm.send("");
            log.assertEndedWell("waiting");
            assertEquals(rows(EXHAUSTED), found(log, EXHAUSTED));
            JsonObject memory = log.only("load.failed", "out-of-memory");
            assertTrue(memory.getString("cause").startsWith("threw java.lang.OutOfMemoryError"), () -> memory.toString());
            assertEquals(57_003, memory.getLong("directBytes"));
            assertEquals(List.of(), log.story("part"));
            assertEquals(EXHAUSTED.length + 1, log.events("ebb.stopped").get(0).getInt("loads"));
        }
    }

    /** The scope's own TimeoutException is a timeout, and no subtype of the one that everything else throws. */
    @Test
    void scopesThatGiveUpGiveUpTheLoadsInThem() throws Exception {
        Optional<Jdk> jdk = Jdks.feature(25);
        assumeTrue(jdk.isPresent(), "needs JDK 25");
        NewerScenarios.compileWithPreview(jdk.get(), "scenario/NewerEnds", Ends.class, directory);
        ForkedJvm.Command command = AgentJvm.command(jdk.get(), Ends.class, "scenario.Engine#load as {0}", "scenario.NewerEnds#outer as {0}")
            .option("--enable-preview").classpath(directory, AgentJvm.home(Ends.class)).main("scenario.NewerEnds");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            for (String label : List.of("beside-failing", "second", "limited", "inside")) {
                log.await("verdict", label, ".*\"verdict\":\"returned\"");
            }
            for (String label : List.of("wanted-1", "wanted-2", "first")) {
                log.await("load.completed", label);
            }
            log.await("load.timed-out", "outside");
            jvm.send("");
            log.assertEndedWell("waiting", "wanted-1 closed 0", "wanted-2 closed 0", "beside-failing closed 1", "first closed 0", "second closed 1", "limited closed 1", "inside closed 1");
            assertEquals(rows(IN_SCOPES), found(log, IN_SCOPES));
            assertEquals(log.only("load.timed-out", "outside").getLong("load"), log.only("load.abandoned", "inside").getLong("parent"));
        }
    }

    private static String rows(String[][] rows) {
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            lines.add(String.join(" | ", row[0], row[1], row[2], String.valueOf(row[3])));
        }
        lines.sort(Comparator.naturalOrder());
        return String.join("\n", lines);
    }

    private static String found(EbbLog log, String[][] rows) {
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            for (JsonObject end : log.about(row[0], "load." + row[2])) {
                lines.add(String.join(" | ", row[0], String.valueOf(end.getLong("directBytes")), end.getString("outcome"), String.valueOf(end.getString("cause"))));
            }
        }
        lines.sort(Comparator.naturalOrder());
        return String.join("\n", lines);
    }
}
