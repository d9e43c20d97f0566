package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Queued;

import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an abandoned load has queued, the pools it has made, and the last word to a thread that nothing else ends. */
@Execution(ExecutionMode.CONCURRENT)
class CancelIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void itsOwnQueuedTasksAreCancelledAndPoolsThatItMadeLetTheirThreadsGo(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("waits-for-its-own");
            jvm.await("^waits-for-its-own threw CancellationException$", LIMIT);
            assertEquals(1, log.await("rollback.step", "waits-for-its-own", ".*\"step\":\"cancel\"").getInt("cancelled"));
            jvm.send("own-pool");
            assertEquals("[\"ThreadPoolExecutor of 2 threads\"]", log.await("rollback.step", "own-pool", ".*\"step\":\"cancel\"").getArray("idleSentHome").stream()
                .map(pool -> "\"" + pool + "\"").toList().toString());
            log.await("verdict", "own-pool", ".*\"verdict\":\"(returned|live)\"");
            jvm.send("look");
            // published: it works as before
            jvm.await("^own-pool returned task threads 0 false 0 works$", LIMIT);
            jvm.send("shared");
            assertEquals("held-by-thread", log.await("verdict", "shared").getString("verdict"));
            jvm.send("go");
            jvm.await("^shared returned has run outsider has run$", LIMIT);
            jvm.send("end");
            log.assertEndedWell("waits-for-its-own threw CancellationException", "own-pool returned task threads 0 false 0 works", "shared returned has run outsider has run");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theLastWordEndsALoopThatTakesNothing(Jdk jdk) {
        ForkedJvm.Command command = command(jdk).option("-Debb.rollback.stop=on");
        try (ForkedJvm jvm = (jdk.feature() >= 22 ? command.option("--enable-native-access=ALL-UNNAMED") : command).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("loop");
            jvm.await("^loop threw LoadAbandonedError$", LIMIT);
            assertEquals(1, log.await("rollback.step", "loop", ".*\"step\":\"stop\"").getArray("stopped").size());
            log.await("rollback.done", "loop");
            // the same guard as for checkpoints: a static initializer is left alone, and the class can be used
            jvm.send("initializer");
            JsonObject step = log.await("rollback.step", "initializer", ".*\"step\":\"stop\"");
            assertEquals("[]", step.getArray("stopped").toString(), step::toString);
            assertTrue(step.getArray("leftAlone").getString(0).contains("Queued$Initialised.<clinit>"), step::toString);
            jvm.send("go");
            jvm.await("^initializer returned a value$", LIMIT);
            jvm.send("end");
            log.assertEndedWell("loop threw LoadAbandonedError", "initializer returned a value");
        }
    }

    private static ForkedJvm.Command command(Jdk jdk) {
        return AgentJvm.command(jdk, Queued.class, "scenario.Queued#load as {0}").option("-Debb.rollback.interrupt=off", "-Debb.rollback.grace=1s");
    }
}
