package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.MutatedJar;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Busy;
import scenario.Late;
import scenario.Published;
import scenario.SharedEnvironment;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a late load has made is closed if and only if nobody can reach it any more, once, in its own way; with every collector. */
@Execution(ExecutionMode.CONCURRENT)
class LastReferenceIT {
    private static final String[] LOADS = {"scenario.Engine#load as {0}", "scenario.Published#loadAndPublish as {0}", "scenario.Published#loadWhole as {0}", "scenario.Published#loadCareful as {0}",
        "scenario.Published#loadHandle as {0}", "scenario.Published$Store#loadInto as {0}", "scenario.Published#openDatabase as {0}"};
    private static final String CLOSERS = "scenario.Published#loadHandle => destroy(); scenario.Published$Store#loadInto => this.drop({0});"
        + "scenario.Published#openDatabase => shutdown() unpublished";

    @TempDir
    private Path directory;

    static List<Arguments> collectors() {
        List<Arguments> cases = new ArrayList<>();
        for (Jdk jdk : Jdks.all()) {
            for (String collector : jdk.collectors()) {
                cases.add(Arguments.of(jdk, collector));
            }
        }
        return cases;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("collectors")
    void onlyWhatNobodyReachesIsClosed(Jdk jdk, String collector) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Published.class, LOADS).option("-Debb.close=" + CLOSERS).option("-XX:+Use" + collector)
            // a heap that grows meanwhile would be taken for memory that stays
            .option("-Xmx64m", "-Xms64m", "-XX:+AlwaysPreTouch", "-Debb.rollback.grace=10m");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            for (String label : List.of("orphan", "closed-by-task", "destroy", "drop", "shutdown")) {
                assertReturned(log.await("verdict", label));
            }
            assertLive(log, "published", "the program reaches the result scenario.Segment: static scenario.Published.REGISTRY -> ConcurrentHashMap.table -> Node[] -> Node.val -> Segment");
            assertLive(log, "closed-later", "the program reaches the result scenario.Segment");
            assertLive(log, "dropped-later", "the program reaches the result scenario.Segment");
            assertLive(log, "part", "the program reaches scenario.Segment, a part of the result scenario.Published$Whole");

            // what was published is the program's, also when it closes it or drops it later
            jvm.send("let go");
            assertReturned(log.await("verdict", "after"));
            jvm.send("end");
            log.assertEndedWell("waiting", "orphan closed 1", "published closed 0", "part closed 0", "closed-later closed 1", "dropped-later closed 0",
                "closed-by-task closed 1", "after closed 1", "destroy closed 1", "drop closed 1", "shutdown closed 1", "segments 0");

            for (String label : List.of("published", "part", "closed-later", "dropped-later")) {
                assertEquals(List.of("load.abandoned", "verdict live"), log.story(label));
            }
            assertEquals(60_002, log.only("load.abandoned", "published").getLong("directBytes"));
            for (String label : List.of("orphan", "closed-by-task", "after", "destroy", "drop", "shutdown")) {
                assertEquals(!label.equals("closed-by-task"), log.only("rollback.done", label).getBoolean("resultClosed"), label);
            }
        }
    }

    /** What Ebb looks at while a collection marks beside the program must not count as reached by it. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("collectors")
    void aBusyProgramsLateLoadIsProven(Jdk jdk, String collector) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Busy.class, "scenario.Engine#load as {0}").option("-XX:+Use" + collector, "-Xmx128m", "-Debb.rollback.grace=10m");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            assertReturned(log.await("verdict", "late"));
            jvm.send("end");
            log.assertEndedWell("late closed 1");
        }
    }

    /** Ebb prints this remedy where a part of the result is in use; a JVM with finalizers asks for two proofs of the result. */
    @ParameterizedTest
    @MethodSource("dev.ebb.testing.Jdks#all")
    void aRemedyThatIsPrintedHelps(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Published.class, LOADS).args("finalizable")
            .option("-Debb.close=" + CLOSERS + ";scenario.Published#loadWhole => close() unpublished");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            log.await("verdict", "part");
            assertTrue(log.only("rollback.done", "part").getBoolean("resultClosed"), () -> log.about("part").toString());
        }
    }

    /** The first load has ended before the worker could look at it, and its environment was made in it: what is shared is told from what is published all the same. */
    @ParameterizedTest
    @MethodSource("dev.ebb.testing.Jdks#all")
    void whatResultsShareIsLearnedFromTheFirstGoodOne(Jdk jdk) {
        try (ForkedJvm jvm = AgentJvm.command(jdk, SharedEnvironment.class, "scenario.SharedEnvironment#open as {0}").start()) {
            EbbLog log = new EbbLog(jvm);
            log.await("load.completed", "good");
            jvm.send("go on");
            assertReturned(log.await("verdict", "late"));
            jvm.send("end");
            log.assertEndedWell("opened", "waiting", "good closed 0", "late closed 1", "environment closed false");
        }
    }

    /** The check at the start finds that this JDK hands over the wrong thing: that is said once, and late results and handles stay as they are. */
    @ParameterizedTest
    @MethodSource("dev.ebb.testing.Jdks#all")
    void whereTheyDoNotWorkNothingIsClosedByProof(Jdk jdk) throws IOException {
        Path jar = directory.resolve("odd-jdk.jar");
        MutatedJar.answerTrue(AgentJvm.jar(), jar, "dev/ebb/rollback/ReferenceCheck", "hasFailed");
        ForkedJvm.Command command = AgentJvm.command(jdk, jar, Late.class, "scenario.Late#load as {0}", "scenario.Late#publish as {0}").args("2", "asks")
            .option("-Debb.track=scenario.Late$Handle");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            for (String label : List.of("late-0", "late-1", "published")) {
                assertEquals("live", log.await("verdict", label).getString("verdict"));
            }
            jvm.send("end");
            jvm.await("^closed 0 published 100999$", Duration.ofSeconds(60));
            assertEquals(0, jvm.waitFor(Duration.ofSeconds(60)), () -> jvm.failure("ended badly").getMessage());
            List<JsonObject> troubles = log.events("trouble");
            assertEquals(1, troubles.size(), troubles::toString);
            assertTrue(troubles.get(0).getString("remedy").startsWith("nothing is closed by proof"), troubles::toString);
        }
    }

    /** RSS of a JVM that has just started moves by more than these loads hold, and may be unexplained: what is freed is judged by the ledger, and by what the program counts. */
    private static void assertReturned(JsonObject verdict) {
        assertTrue(List.of("returned", "unexplained").contains(verdict.getString("verdict")), () -> verdict.toString());
        assertEquals("abandoned", verdict.getString("outcome"));
        assertEquals(0, verdict.getLong("directBytes"), () -> verdict.toString());
    }

    private static void assertLive(EbbLog log, String label, String holder) {
        JsonObject verdict = log.await("verdict", label);
        assertEquals("live", verdict.getString("verdict"), () -> verdict.toString());
        assertEquals(1, verdict.getArray("holders").size());
        assertTrue(verdict.getArray("holders").getString(0).startsWith(holder), () -> verdict.toString());
    }
}
