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
import scenario.Starts;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A thread that takes long to start is still its load's, and one whose start failed does not keep its load open. */
@Execution(ExecutionMode.CONCURRENT)
class StartsIT {
    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aThreadIsItsLoadsHoweverItsStartGoes(Jdk jdk) {
        // the JVM says on stdout that it could not start a thread
        try (ForkedJvm jvm = AgentJvm.command(jdk, Starts.class, "scenario.Starts#load as {0}").option("-Xlog:disable").start()) {
            EbbLog log = new EbbLog(jvm);
            log.assertEndedWell("done");
            assertEquals(List.of("slow 20003 alive 0", "failed 20004 alive 0", "twice 20005 alive 0"),
                log.events("load.completed").stream().map(StartsIT::summary).toList());
        }
    }

    private static String summary(JsonObject event) {
        return event.getString("label") + " " + event.getLong("directBytes") + " alive " + event.getInt("threadsAlive");
    }
}
