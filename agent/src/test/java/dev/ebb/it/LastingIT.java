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
import scenario.Lasting;

import java.time.Duration;
import java.util.regex.MatchResult;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Loads that were committed leave nothing behind, however many: no record, no last reference, no thread. The system property {@code ebb.test.loads} says how many. */
@Execution(ExecutionMode.CONCURRENT)
class LastingIT {
    private static final long LOADS = Long.getLong("ebb.test.loads", 20_000);
    /** Less than a reference for each load that came in between; what the ledgers of the last second hold is more or less. */
    private static final long EBB_BYTES = 256 << 10;

    static java.util.List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void committedLoadsLeaveNothingBehind(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Lasting.class, "scenario.Lasting#load as {0}").option("-Debb.track=scenario.Lasting$Handle")
            .listener(line -> line.contains("\"event\":\"load.completed\"")).args(String.valueOf(LOADS));
        if (jdk.feature() >= 23) {
            command.option("--sun-misc-unsafe-memory-access=allow");
        }
        try (ForkedJvm jvm = command.start()) {
            Duration limit = Duration.ofSeconds(300 + LOADS / 1_000);
            jvm.await("^loads " + LOADS + " closes " + LOADS / 2 + " ", limit);
            MatchResult before = figures(jvm, "before");
            MatchResult after = figures(jvm, "after");
            System.out.println(jdk + ": " + before.group() + "; " + after.group() + "; " + jvm.await("^loads.*", limit).group());
            for (int i = 1; i <= 2; i++) {
                long grown = Long.parseLong(after.group(i)) - Long.parseLong(before.group(i));
                assertTrue(grown <= EBB_BYTES, () -> jvm.failure("grew by " + grown).getMessage());
            }
            assertTrue(Integer.parseInt(after.group(3)) <= Integer.parseInt(before.group(3)) + 1, () -> jvm.failure("threads grew").getMessage());
            jvm.send("");
            new EbbLog(jvm).assertUntroubled(0);
            assertEquals("", jvm.stderr().lines().filter(line -> line.contains("\"event\":\"rollback.step\"")).findFirst().orElse(""));
        }
    }

    private static MatchResult figures(ForkedJvm jvm, String when) {
        return jvm.await("^" + when + " ebb (\\d+) references (\\d+) heap \\d+ buffers \\d+ threads (\\d+) .*", Duration.ofSeconds(1));
    }
}
