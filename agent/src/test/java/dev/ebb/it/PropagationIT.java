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
import scenario.Propagation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A load's work in threads of others is the load's, by whatever way it gets there; and the program cannot tell that anybody follows. */
@Execution(ExecutionMode.CONCURRENT)
class PropagationIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final int PARALLEL_STREAM = 64 * 64_000 + 63 * 64 / 2;

    /** In the order in which they begin: label and direct bytes. */
    private static final List<String> EXPECTED = List.of(
        "timer 60001", "timer-later 60002", "timer-periodic 60003", "timer-cancelled 0", "timer-stopped 0", "timer-twice 60006",
        "schedule 61001", "schedule-runnable 61002", "schedule-rate 61003", "schedule-delay 61004", "schedule-execute 61005", "schedule-cancelled 0",
        "invoke-all " + (61_007 + 61_008),
        "execute 62001", "execute-later 62002", "work-stealing 62003", "work-stealing-execute 62004", "task-of-before 62005",
        "observed 62006", "ordered " + (62_007 + 62_008 + 62_009), "removed 0", "shut-down 0", "same-thrice " + 3 * 62_013,
        "refused 0", "discarded 0", "caller-runs 62020", "put-by-handler 62021",
        "fork-join-submit 63001", "fork-join-execute 63002", "fork-join-task " + (63_003 + 63_004), "fork-join-invoke " + (63_005 + 63_006),
        "fork-join-execute-task 63007", "common-pool " + (63_008 + 63_009), "parallel-stream " + PARALLEL_STREAM,
        "parallel-stream-elsewhere " + (16 * 1_000 + 15 * 16 / 2), "counted-completer " + 8 * 7_001, "unforked 63010", "own-fork-join 63011",
        "stages " + sum(70_001, 8), "stages-passed-over 0", "stages-now " + sum(70_020, 2), "chain-left-behind " + sum(70_022, 5),
        "stages-async " + sum(71_001, 8), "delayed 71020", "own-executor 71021", "any-of " + sum(71_022, 2), "or-timeout 71024", "complete-on-timeout 71025",
        "pairs " + sum(72_001, 8), "listener 0", "returned-future 73001", "completes-for-others 74001", "helps-others 74002");

    private static long sum(long first, int count) {
        return count * first + count * (count - 1) / 2;
    }

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void workInThreadsOfOthersIsTheLoads(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Propagation.class, "scenario.Propagation#load as {0}", "scenario.Propagation#async as {0}")
            // the end of a load that is not quiet would be said after the grace, and hide that it never gets quiet
            .option("-Debb.rollback.grace=10m");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            for (String load : EXPECTED) {
                log.await("load.completed", load.substring(0, load.indexOf(' ')));
            }
            jvm.send("");
            log.assertEndedWell("waiting");
            List<String> found = new ArrayList<>();
            for (JsonObject event : log.events("load.completed").stream().sorted(Comparator.comparingLong(event -> event.getLong("load"))).toList()) {
                found.add(event.getString("label") + ' ' + event.getLong("directBytes"));
            }
            assertEquals(String.join("\n", EXPECTED), String.join("\n", found));
        }
    }
}
