package dev.ebb.it;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Eager;

import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** {@code ebb.abandon=eager}: a load that still runs is ended when its callers have timed out and not come back; and never one that somebody may still want. */
@Execution(ExecutionMode.CONCURRENT)
class AbandonIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void onlyLoadsThatNobodyComesBackToAreEnded(Jdk jdk) {
        // a busy machine may keep who polls from coming back for much longer than its pauses are
        try (ForkedJvm jvm = command(jdk).option("-Debb.abandon=eager", "-Debb.abandon.after=10s", "-Debb.rollback.grace=10m").start()) {
            EbbLog log = new EbbLog(jvm);
            for (String ended : List.of("chain", "gone")) {
                assertEquals("caller timed out and has not come back", log.await("load.abandoned", ended).getString("cause"));
                log.await("rollback.done", ended);
            }
            jvm.send("");
            jvm.await("^gone ", LIMIT);
            for (String wanted : List.of("poller", "waiter", "callback")) {
                log.await("load.completed", wanted);
            }
            assertEquals(List.of("load.completed"), log.story("poller"));
            assertEquals(List.of("load.completed"), log.story("waiter"));
            assertFalse(log.story("callback").contains("step tell"));
            jvm.send("");
            log.assertEndedWell("poller 1 polled waiter 1 callback 1 called 1", "gone LoadAbandonedError chain LoadAbandonedError");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void withoutItALoadThatRunsIsWaitedFor(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).start()) {
            EbbLog log = new EbbLog(jvm);
            assertEquals("held-by-thread", log.await("verdict", "gone").getString("verdict"));
            jvm.send("");
            jvm.await("^gone ", LIMIT);
            log.await("load.completed", "gone");
            jvm.send("");
            log.assertEndedWell("poller 1 polled waiter 1 callback 1 called 1", "gone returned 1 chain returned 1");
        }
    }

    private static ForkedJvm.Command command(Jdk jdk) {
        return AgentJvm.command(jdk, Eager.class, "scenario.Eager#named as {0}").option("-Debb.rollback.grace=300ms");
    }
}
