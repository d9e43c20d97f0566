package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.FaultAgent;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Interrupted;
import scenario.Undone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A fault of Ebb's own in a rung costs that rung and no other; too many of them switch to observing. The program notices nothing. */
@Execution(ExecutionMode.CONCURRENT)
class FaultIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aRungThatFailsIsLeftOut(Jdk jdk) throws Exception {
        Path in = Files.createDirectory(directory.resolve("in"));
        Path out = Files.createDirectory(directory.resolve("out"));
        ForkedJvm.Command command = faulty(jdk, "DeleteRung#isDone", Undone.class, "scenario.Undone#clean as clean;scenario.Undone#mixed as mixed")
            .option("-Debb.files=" + in).args(in.toString(), out.toString(), "timeout");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            assertEquals("on-disk", log.await("verdict", "clean").getString("verdict"));
            assertEquals("on-disk", log.await("verdict", "mixed").getString("verdict"));
            assertTrue(log.story("clean").contains("step close"), () -> log.story("clean").toString());
            for (String label : List.of("clean", "mixed")) {
                assertFalse(log.story(label).contains("step delete"), () -> log.story(label).toString());
            }
            jvm.send("look");
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            List<JsonObject> troubles = log.events("trouble");
            assertEquals(1, troubles.size(), troubles::toString);
            assertEquals("rollback delete", troubles.get(0).getString("where"));
            assertTrue(troubles.get(0).getString("remedy").contains("ebb.rollback.delete=off"), troubles::toString);
            // once: from then on the rung is left out
            assertEquals(1, log.events("ebb.stopped").get(0).getInt("troubles"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void tooManyFaultsSwitchToObserving(Jdk jdk) throws Exception {
        String faults = "TellRung#climb;CancelRung#climb;InterruptRung#climb;LastWordRung#climb;CloseRung#isDone";
        ForkedJvm.Command command = faulty(jdk, faults, Interrupted.class, "scenario.Interrupted#load as {0}")
            .option("-Debb.rollback.grace=300ms", "-Debb.rollback.stop=on").args(directory.toString());
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("ignores");
            log.await("verdict", "ignores", ".*\"verdict\":\"held-by-thread\"");
            jvm.await("\"where\":\"rollback stop\"", LIMIT);
            jvm.send("go");
            jvm.await("^ignores completed false 0$", LIMIT);
            String remedy = jvm.await("\"where\":\"rollback\".*", LIMIT).group();
            assertTrue(remedy.contains("5 different faults") && remedy.contains("Ebb only watches from now on") && remedy.contains("dev.ebb:type=Ebb"), remedy);
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            assertEquals(6, log.events("trouble").size(), () -> jvm.failure("troubles").getMessage());
            // a rung that cannot even say what it would do is silent
            assertTrue(log.events("ebb.stopped").get(0).getInt("troubles") <= 10, () -> jvm.failure("troubles").getMessage());
        }
    }

    /** The agent that makes faults is the first, so that it sees all of Ebb's classes. */
    private ForkedJvm.Command faulty(Jdk jdk, String faults, Class<?> scenario, String loads) throws Exception {
        return AgentJvm.unwoven(jdk, scenario).option("-javaagent:" + FaultAgent.jar(directory) + "=" + faults, "-javaagent:" + AgentJvm.jar(), "-Debb.loads=" + loads);
    }
}
