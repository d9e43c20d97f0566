package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Interrupted;
import scenario.Late;
import scenario.Queued;
import scenario.Undone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The same run twice: what observing says would be done is what is done. */
@Execution(ExecutionMode.CONCURRENT)
class ObserveIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatWouldBeClosedAndDeletedIs(Jdk jdk) throws Exception {
        JsonObject would = undone(jdk, "observe");
        JsonObject did = undone(jdk, "rollback");
        assertTrue(would.getArray("closes").size() >= 5, would::toString);
        assertEquals(would.getArray("closes"), did.getArray("closes"));
        assertEquals(would.getInt("wouldDelete"), did.getInt("deleted"));
        assertEquals(would.getInt("wouldClose"), did.getInt("closed"));
    }

    /** The step observe, or the step close with the number of deleted files put into it. */
    private JsonObject undone(Jdk jdk, String mode) throws Exception {
        // the same paths in both runs, so that the lists can be equal
        Path home = Files.createDirectories(directory.resolve("home"));
        Path in = Files.createDirectory(home.resolve("in"));
        Path out = Files.createDirectory(home.resolve("out"));
        ForkedJvm.Command command = AgentJvm.command(jdk, Undone.class, "scenario.Undone#clean as clean", "scenario.Undone#mixed as mixed")
            .option("-Debb.files=" + in, "-Debb.mode=" + mode).args(in.toString(), out.toString(), "timeout");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            log.await("verdict", "clean");
            log.await("verdict", "mixed");
            jvm.send("look");
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            Files.move(home, directory.resolve("home-of-" + mode));
            if (mode.equals("observe")) {
                return step(log, "clean", "observe");
            }
            JsonObject close = step(log, "clean", "close");
            close.put("deleted", step(log, "clean", "delete").getInt("deleted"));
            return close;
        }
    }

    /** Late results and handles: while Ebb only watches, the program's own collections prove them. With every collector. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("dev.ebb.it.LastReferenceIT#collectors")
    void whatWouldBeClosedOfLateLoadsIs(Jdk jdk, String collector) {
        List<String> would = late(jdk, collector, "observe", "closed 0 published 100999");
        assertEquals(would, late(jdk, collector, "rollback", "closed 303 published 100999"));
        assertEquals("late-0: true [\"result scenario.Late$Result\",\"scenario.Late$Handle\"]", would.get(0));
    }

    /** Of each load but the published one, which is in use: whether its result, and what else would be closed. */
    private static List<String> late(Jdk jdk, String collector, String mode, String end) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Late.class, "scenario.Late#load as {0}", "scenario.Late#publish as {0}").args("3", "asks")
            .option("-Debb.track=scenario.Late$Handle", "-Debb.mode=" + mode, "-XX:+Use" + collector, "-Xmx48m");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            List<String> closes = new ArrayList<>();
            for (String label : List.of("late-0", "late-1", "late-2")) {
                log.await("verdict", label);
                boolean observes = mode.equals("observe");
                JsonObject step = step(log, label, observes ? "observe" : "close");
                boolean result = observes ? step.has("wouldCloseResult") : log.only("rollback.done", label).getBoolean("resultClosed");
                closes.add(label + ": " + result + " " + JsonWriter.string(step.getArray("closes")));
            }
            assertTrue(log.about("published", "rollback.step").isEmpty(), () -> log.about("published").toString());
            jvm.send("end");
            log.assertEndedWell("waiting", end);
            return closes;
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whoWouldBeToldAndInterruptedIs(Jdk jdk) {
        String would = ended(jdk, "observe", "wouldTell", "wouldInterrupt");
        assertEquals(would, ended(jdk, "rollback", "told", "interrupted"));
        assertEquals("[pool-1-thread-1] [pool-1-thread-1]", would);
    }

    private String ended(Jdk jdk, String mode, String told, String interrupted) {
        try (ForkedJvm jvm = AgentJvm.command(jdk, Interrupted.class, "scenario.Interrupted#load as {0}").option("-Debb.mode=" + mode).args(directory.toString()).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("ignores");
            // the first that was not left alone
            JsonObject step = log.await("rollback.step", "ignores", ".*\"step\":\"interrupt\".*\"" + interrupted + "\":\\[\"");
            jvm.send("go");
            jvm.await("^ignores completed", LIMIT);
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            return step(log, "ignores", "tell").getArray(told) + " " + step.getArray(interrupted);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatWouldBeCancelledSentHomeAndStoppedIs(Jdk jdk) {
        String would = cancelled(jdk, "observe", "wouldSendHome", "wouldStop", "wouldCancel");
        assertEquals(would, cancelled(jdk, "rollback", "idleSentHome", "stopped", "cancelled"));
        assertEquals("[ThreadPoolExecutor of 2 threads] [scenario-pool] 1", would);
    }

    /** Its threads go on after the first look: rollback would look again. Each task is told of once. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whatIsQueuedAfterTheFirstLookWouldBeCancelled(Jdk jdk) {
        try (ForkedJvm jvm = AgentJvm.command(jdk, Queued.class, "scenario.Queued#load as {0}").option("-Debb.mode=observe", "-Debb.rollback.grace=1s").start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("queues-late");
            log.await("rollback.step", "queues-late", ".*\"step\":\"interrupt\"");
            jvm.send("queue");
            assertEquals(1, log.await("rollback.step", "queues-late", ".*\"step\":\"cancel\"").getInt("wouldCancel"));
            log.await("verdict", "queues-late");
            jvm.send("go");
            jvm.await("^queues-late returned has run", LIMIT);
            jvm.send("end");
            log.assertUntroubled(0);
            assertEquals(1, log.about("queues-late", "rollback.step").stream().filter(event -> event.getString("step").equals("cancel")).count());
        }
    }

    private static String cancelled(Jdk jdk, String mode, String home, String stopped, String cancelled) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Queued.class, "scenario.Queued#load as {0}")
            .option("-Debb.mode=" + mode, "-Debb.rollback.interrupt=off", "-Debb.rollback.grace=1s", "-Debb.rollback.stop=on");
        try (ForkedJvm jvm = (jdk.feature() >= 22 ? command.option("--enable-native-access=ALL-UNNAMED") : command).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("own-pool");
            JsonObject pool = log.await("rollback.step", "own-pool", ".*\"step\":\"cancel\"");
            if (mode.equals("rollback")) {
                log.await("verdict", "own-pool", ".*\"verdict\":\"(returned|live)\"");
            }
            jvm.send("look");
            jvm.await("^own-pool returned ", LIMIT);
            jvm.send("loop-until-go");
            JsonObject stop = log.await("rollback.step", "loop-until-go", ".*\"step\":\"stop\"");
            jvm.send("go");
            jvm.await("^loop-until-go " + (mode.equals("rollback") ? "threw LoadAbandonedError" : "returned"), LIMIT);
            jvm.send("waits-until-go");
            JsonObject cancel = log.await("rollback.step", "waits-until-go", ".*\"step\":\"cancel\"");
            jvm.send("go");
            jvm.await("^waits-until-go " + (mode.equals("rollback") ? "threw CancellationException" : "returned has run"), LIMIT);
            jvm.send("end");
            log.assertUntroubled(0);
            return pool.getArray(home) + " " + stop.getArray(stopped) + " " + cancel.getInt(cancelled);
        }
    }

    private static JsonObject step(EbbLog log, String label, String step) {
        return log.about(label, "rollback.step").stream().filter(event -> event.getString("step").equals(step)).findFirst().orElseThrow();
    }
}
