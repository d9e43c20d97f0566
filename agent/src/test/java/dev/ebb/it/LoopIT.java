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
import scenario.Loops;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Loads of a task that never ends are told while it goes on, though their results might be its own for all that Ebb knows. */
@Execution(ExecutionMode.CONCURRENT)
class LoopIT {
    private static final int LOADS = 1_000;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theFirstLoadsOfManyAreToldAtOnce(Jdk jdk) {
        assertTold(jdk, "1h", 700);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void allLoadsAreToldAfterTheGrace(Jdk jdk) {
        assertTold(jdk, "500ms", LOADS - 1);
    }

    /** @param last the number of the last load whose end has to be told before the task ends */
    private static void assertTold(Jdk jdk, String grace, int last) {
        try (ForkedJvm jvm = AgentJvm.command(jdk, Loops.class, "scenario.Loops#load as {0}").option("-Debb.rollback.grace=" + grace).start()) {
            EbbLog log = new EbbLog(jvm);
            for (int i = 0; i <= last; i++) {
                log.await("load.completed", String.valueOf(i));
            }
            jvm.send("");
            log.assertEndedWell("looping", "done");
            List<JsonObject> ends = log.events("load.completed");
            assertEquals(LOADS, ends.size());
            for (JsonObject end : ends) {
                assertEquals(10_000 + Long.parseLong(end.getString("label")), end.getLong("directBytes"), end::toString);
            }
            assertEquals(LOADS, log.events("ebb.stopped").get(0).getInt("loads"));
        }
    }
}
