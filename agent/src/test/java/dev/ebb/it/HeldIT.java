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
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Held;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The second law: while a thread is inside a load nothing of the load is freed; the thread is named, and the rollback goes on when it has left. */
@Execution(ExecutionMode.CONCURRENT)
class HeldIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void nothingIsFreedWhileAThreadIsInside(Jdk jdk) throws IOException {
        Path file = Files.writeString(directory.resolve("segment"), "bytes");
        ForkedJvm.Command command = AgentJvm.command(jdk, Held.class, "scenario.Engine#load as {0}", "scenario.Held#withHelper as helper", "scenario.Held#withTasks as task")
            .option("-Debb.rollback.grace=200ms", "-Debb.rollback.checkpoint=off", "-Debb.rollback.interrupt=off", "-Debb.rollback.cancel=off").args(file.toString());
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            assertHeld(log, "body", "scenario-pool", "scenario.Engine.load(Engine.java:");
            assertHeld(log, "helper", "scenario-helper", "scenario.Held.helper(Held.java:");
            assertHeld(log, "task", "scenario-pool", "scenario.Held.task(Held.java:");
            assertTrue(holders(log.only("verdict", "task")).stream().anyMatch(holder -> holder.startsWith("1 queued task")), () -> jvm.failure("queued task").getMessage());
            JsonObject helper = log.only("load.timed-out", "helper");
            assertEquals("1 1 70002 1", helper.getInt("threadsBorn") + " " + helper.getInt("threadsAlive") + " " + helper.getLong("directBytes") + " " + helper.getInt("openFiles"));
            JsonObject task = log.only("load.timed-out", "task");
            assertEquals("0 0 0 2", task.getInt("threadsBorn") + " " + task.getInt("threadsAlive") + " " + task.getLong("directBytes") + " " + task.getInt("openFiles"));

            jvm.send("look");
            jvm.await("^open true true true closed 0$", LIMIT);
            // nobody has left, so nothing more was done
            assertEquals(List.of("step wait", "verdict held-by-thread"), log.story("body"));
            // its thread is called leaked about once a second
            assertEquals(List.of("load.timed-out", "step wait", "verdict held-by-thread"), log.story("helper").stream().filter(chapter -> !chapter.equals("thread.leaked")).toList());
            assertEquals(List.of("load.timed-out", "step wait", "verdict held-by-thread"), log.story("task"));

            jvm.send("helper");
            assertReturned(log, "helper");
            jvm.send("look");
            jvm.await("^open false true true closed 0$", LIMIT);
            jvm.send("task");
            assertReturned(log, "task");
            jvm.send("look");
            jvm.await("^open false false false closed 0$", LIMIT);
            jvm.send("body");
            assertReturned(log, "body");
            jvm.send("look");
            jvm.send("end");
            log.assertEndedWell("waiting", "open true true true closed 0", "open false true true closed 0", "open false false false closed 0",
                "open false false false closed 1");
            assertEquals("abandoned", log.only("load.abandoned", "body").getString("outcome"));
        }
    }

    private static void assertHeld(EbbLog log, String label, String thread, String frame) {
        JsonObject verdict = log.await("verdict", label);
        assertEquals("held-by-thread", verdict.getString("verdict"));
        JsonObject step = log.only("rollback.step", label);
        assertEquals("wait", step.getString("step"));
        assertTrue(step.getLong("waitedMs") >= 200, () -> step.toString());
        for (JsonObject event : List.of(step, verdict)) {
            assertTrue(holders(event).stream().anyMatch(holder -> holder.startsWith("thread " + thread + " ") && holder.contains(frame)), () -> event.toString());
        }
    }

    private static void assertReturned(EbbLog log, String label) {
        JsonObject verdict = log.await("verdict", label, ".*\"verdict\":\"returned\"");
        assertEquals(0, verdict.getLong("directBytes") + verdict.getInt("openFiles"), () -> verdict.toString());
        assertEquals(List.of(), verdict.getArray("holders"));
    }

    private static List<String> holders(JsonObject event) {
        return event.getArray("holders").stream().map(String::valueOf).toList();
    }
}
