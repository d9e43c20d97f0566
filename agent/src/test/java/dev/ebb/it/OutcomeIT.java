package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Deadlines;
import scenario.GivenUp;
import scenario.Throwing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** How a load ended, as the log tells it; and that nothing is closed which somebody may still want. */
@Execution(ExecutionMode.CONCURRENT)
class OutcomeIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final List<String> FIELDS_OF_ENDS = List.of("load", "label", "method", "outcome", "durationMs", "threadsBorn", "threadsAlive", "heapBytes",
        "directBytes", "mappedBytes", "foreignBytes", "openFiles", "diskBytes", "rssBeforeBytes", "rssPeakBytes");
    private static final List<String> FIELDS_OF_VERDICTS = List.of("load", "label", "method", "outcome", "rssBeforeBytes", "rssPeakBytes", "rssAfterBytes", "ebb",
        "rollbackMs", "verdict", "directBytes", "mappedBytes", "foreignBytes", "openFiles", "diskBytes");

    private static final String[] PROVEN = {"task-get 40001", "async-get 40002", "all-of-1 40003", "all-of-2 40004", "chain 40005", "queued 40006",
        "queued-chain 40007", "get-now 40008", "first-of-task 40009", "second-of-task 40010", "all-of-begun 40011", "all-of-queued 40012", "cancel-slowly-chain 40013", "or-timeout-chain 41005"};
    private static final String[] CANCELLED = {"cancel-true 41001", "cancel-false 41002", "async-cancel 41003", "cancel-slowly 41008", "invoke-all 41006", "invoke-any 41007"};
    private static final String[] LIMITED = {"or-timeout 41004"};
    private static final String[] WANTED = {"polling-task 42001", "polling-async 42002", "polling-queued 42003", "read-later 42004", "polling-chain 42006"};

    /** In which they are made. */
    private static final String ORDER = "task-get async-get all-of-1 all-of-2 chain queued queued-chain get-now first-of-task second-of-task all-of-begun all-of-queued cancel-slowly-chain or-timeout-chain cancel-true "
        + "cancel-false async-cancel cancel-slowly or-timeout invoke-all invoke-any polling-task polling-async polling-queued read-later kept-unread polling-chain";

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatALoadThrowsTellsItsOutcome(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Throwing.class, "scenario.Engine#load as {0}", "scenario.Engine#fail as {0}")
            .option("-Debb.timeout.exceptions=java.util.concurrent.TimeoutException,java.net.SocketTimeoutException,scenario.Throwing$TooSlow")
            .option("-Debb.rollback.gc=off");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            for (String label : List.of("timeout", "timeout-cause", "timeout-subtype", "timeout-socket", "timeout-named")) {
                log.await("verdict", label);
            }
            jvm.send("");
            log.assertEndedWell("waiting", "done");

            assertEnd(log, "completed", "completed 30002016", null);
            assertEnd(log, "failed", "failed 31001", "threw java.lang.IllegalStateException: broken");
            assertEnd(log, "failed", "failed-error 31002", "threw java.lang.OutOfMemoryError: made up");
            assertEnd(log, "failed", "failed-checked 31003", "threw java.io.IOException");
            assertEnd(log, "failed", "failed-circle 31004", "threw scenario.Throwing$Circle");
            assertEnd(log, "timed-out", "timeout 31101", "threw java.util.concurrent.TimeoutException: too late");
            assertEnd(log, "timed-out", "timeout-cause 31102", "threw java.lang.IllegalStateException: outer");
            assertEnd(log, "timed-out", "timeout-subtype 31103", "threw scenario.Throwing$SubTimeout");
            assertEnd(log, "timed-out", "timeout-socket 31104", "threw java.io.UncheckedIOException: java.net.SocketTimeoutException: read");
            assertEnd(log, "timed-out", "timeout-named 31105", "threw scenario.Throwing$MuchTooSlow");
            assertEquals(5, log.events("verdict").size());
            for (JsonObject verdict : log.events("verdict")) {
                assertFields(verdict, FIELDS_OF_VERDICTS);
                assertEquals("timed-out", verdict.getString("outcome"));
            }
            assertEquals(10, log.events("ebb.stopped").get(0).getInt("loads"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aLoadIsGivenUpOnlyWhenNobodyCanWantIt(Jdk jdk) {
        assertGivenUp(AgentJvm.command(jdk, GivenUp.class, "scenario.Engine#load as {0}"), true);
    }

    @Test
    void norInAVirtualThread() {
        Optional<Jdk> jdk = Jdks.feature(25);
        assumeTrue(jdk.isPresent(), "needs JDK 25");
        assertGivenUp(AgentJvm.command(jdk.get(), GivenUp.class, "scenario.Engine#load as {0}").args("virtual"), false);
    }

    private static void assertGivenUp(ForkedJvm.Command command, boolean invokesAny) {
        String[] cancelled = invokesAny ? CANCELLED : Arrays.copyOf(CANCELLED, CANCELLED.length - 1);
        // one verdict each: nobody is called a holder, however long a busy machine takes
        try (ForkedJvm jvm = command.option("-Debb.rollback.grace=10m").start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            for (String[] group : new String[][] {PROVEN, cancelled, LIMITED}) {
                for (String load : group) {
                    log.await("verdict", label(load));
                }
            }
            for (String load : WANTED) {
                log.await("load.completed", label(load));
            }
            jvm.send("");
            List<String> output = new ArrayList<>(List.of("waiting"));
            for (String load : ORDER.split(" ")) {
                boolean wanted = Stream.of(WANTED).anyMatch(row -> label(row).equals(load)) || load.equals("kept-unread");
                if (invokesAny || !load.equals("invoke-any")) {
                    output.add(load + " closed " + (wanted ? 0 : 1));
                }
            }
            log.assertEndedWell(output.toArray(new String[0]));

            for (String load : PROVEN) {
                assertRolledBack(log, load, "caller timed out, nobody can read the result");
            }
            for (String load : cancelled) {
                assertRolledBack(log, load, "future cancelled");
            }
            for (String load : LIMITED) {
                assertRolledBack(log, load, "time limit of its future passed");
            }
            for (String load : WANTED) {
                assertEnd(log, "completed", load, null);
                assertEquals(List.of("load.completed"), log.story(label(load)));
            }
            assertEquals(List.of(), log.story("kept-unread"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aLoadTimesOutPastItsDeadline(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Deadlines.class, "scenario.Deadlines#own as {0}", "scenario.Deadlines#spared as {0}", "scenario.Deadlines#forAll as {0}")
            // the quick one has to be in time, and nobody is called a holder meanwhile
            .option("-Debb.load.timeout=scenario.Deadlines#own=5s;scenario.Deadlines#spared=none;6s", "-Debb.rollback.grace=10m");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            for (String label : List.of("own", "for-all")) {
                JsonObject event = log.await("load.timed-out", label);
                assertTrue(event.getBoolean("running"));
                assertEquals("deadline passed", event.getString("cause"));
                assertEquals(0, event.getInt("threadsAlive", -1));
            }
            assertTrue(log.only("load.timed-out", "own").getLong("durationMs") >= 5000);
            assertTrue(log.only("load.timed-out", "for-all").getLong("durationMs") >= 6000);
            assertEquals(List.of(), log.events("verdict"));
            jvm.send("end the loads");
            log.await("load.completed", "spared");
            log.await("verdict", "own");
            log.await("verdict", "for-all");
            jvm.send("end");
            log.assertEndedWell("waiting", "closed 1 0 1 0");
            assertRolledBack(log, "own 50001", "deadline passed", "timed-out");
            assertRolledBack(log, "for-all 50003", "deadline passed", "timed-out");
            assertEquals(List.of("load.completed"), log.story("spared"));
            assertEquals(List.of("load.completed"), log.story("quick"));
            assertTrue(log.only("load.completed", "spared").getLong("durationMs") >= 5000);
        }
    }

    private static void assertRolledBack(EbbLog log, String load, String cause) {
        assertRolledBack(log, load, cause, "abandoned");
    }

    private static void assertRolledBack(EbbLog log, String load, String cause, String outcome) {
        assertEnd(log, outcome, load, cause);
        JsonObject verdict = log.only("verdict", label(load));
        assertEquals("returned", verdict.getString("verdict"), () -> "of " + load + ": " + verdict);
        assertEquals(outcome, verdict.getString("outcome"));
        assertEquals(0, verdict.getLong("directBytes"), load);
        assertEquals(List.of(), verdict.getArray("holders"), load);
        assertTrue(log.only("rollback.done", label(load)).getBoolean("resultClosed"), load);
    }

    /** @param load label and direct bytes */
    private static void assertEnd(EbbLog log, String outcome, String load, String cause) {
        JsonObject end = log.only("load." + outcome, label(load));
        assertFields(end, FIELDS_OF_ENDS);
        assertEquals(outcome, end.getString("outcome"));
        assertEquals(cause, end.getString("cause"), load);
        assertEquals(load, label(load) + " " + end.getLong("directBytes"));
        assertEquals(0, end.getLong("mappedBytes") + end.getLong("foreignBytes") + end.getLong("openFiles") + end.getLong("diskBytes"), load);
        assertTrue(end.getLong("rssPeakBytes") >= end.getLong("rssBeforeBytes") && end.getLong("rssBeforeBytes") > 1 << 20, () -> end.toString());
        assertEquals(1, log.about(label(load)).stream().filter(event -> event.getString("event").startsWith("load.")).count(), load);
    }

    private static void assertFields(JsonObject event, List<String> fields) {
        assertEquals(Set.copyOf(fields), Set.copyOf(fields.stream().filter(event::has).toList()), () -> "fields missing in " + event);
    }

    private static String label(String load) {
        return load.substring(0, load.indexOf(' '));
    }
}
