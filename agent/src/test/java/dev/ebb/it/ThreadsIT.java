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
import scenario.Threads;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The account of the threads that work for a load, and the naming of those that outlive it. */
@Execution(ExecutionMode.CONCURRENT)
class ThreadsIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final List<String> LEAVING = List.of("completes", "fails", "times-out", "given-up");

    /** Name, whose, stay, duration, tasks, processor time, time blocked, heap bytes. */
    private static final Pattern DESCRIBED = Pattern.compile(
        "(\\S+) (born|lent), (ended|inside|seen) \\w+ (\\d+) ms, (\\d+) tasks, (\\d+) ms of processor, (\\d+) ms blocked, (\\d+) heap bytes");

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void threadsAreAccountedForAndThoseLeftBehindAreNamed(Jdk jdk) {
        // threads are to be left behind: nothing may stop them
        ForkedJvm.Command command = AgentJvm.command(jdk, Threads.class, "scenario.Threads#load as {0}").option("-Debb.rollback.grace=200ms");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            for (String label : LEAVING) {
                JsonObject leaked = log.await("thread.leaked", label);
                assertEquals("left-by-" + label, leaked.getString("thread"));
                assertTrue(leaked.getString("stack").contains("scenario.Threads.leftBehind"), () -> leaked.toString());
            }
            jvm.send("");
            log.await("verdict", "times-out", ".*\"verdict\":\"returned\"");
            log.await("verdict", "given-up", ".*\"verdict\":\"returned\"");
            jvm.send("");
            log.assertEndedWell("waiting");
            for (String label : LEAVING) {
                log.only("thread.leaked", label);
            }
            assertEquals(LEAVING.size(), log.events("thread.leaked").size());

            JsonObject lends = log.only("load.completed", "lends");
            assertEquals("0 3 5", lends.getInt("threadsBorn", -1) + " " + lends.getInt("threadsBorrowed", -1) + " " + lends.getInt("tasks", -1));
            JsonObject starts = log.only("load.completed", "starts");
            assertEquals("3 1 0", starts.getInt("threadsBorn", -1) + " " + starts.getInt("threadsBorrowed", -1) + " " + starts.getInt("tasks", -1));
            assertTrue(starts.getLong("cpuMs") >= 250 && starts.getLong("heapBytes") > 3_000_000, () -> starts.toString());
            assertEachIsDescribed(log.only("load.failed", "each"));
        }
    }

    private static void assertEachIsDescribed(JsonObject failed) {
        Map<String, MatchResult> threads = new HashMap<>();
        for (Object line : failed.getArray("threads")) {
            Matcher matcher = DESCRIBED.matcher((String) line);
            assertTrue(matcher.matches(), failed::toString);
            threads.put(matcher.group(1), matcher.toMatchResult());
        }
        assertEquals(Set.of("main", "works", "makes", "waits", "scenario-pool"), threads.keySet());
        for (String born : List.of("works", "makes", "waits")) {
            assertEquals("born ended 0", threads.get(born).group(2) + " " + threads.get(born).group(3) + " " + threads.get(born).group(5), failed::toString);
        }
        assertEquals("lent 1", threads.get("scenario-pool").group(2) + " " + threads.get("scenario-pool").group(5), failed::toString);
        assertTrue(number(threads.get("works"), 6) >= 250 && number(threads.get("works"), 4) >= 250, failed::toString);
        assertTrue(number(threads.get("makes"), 8) >= 3_000_016 && number(threads.get("works"), 8) < 3_000_000, failed::toString);
        assertTrue(number(threads.get("waits"), 7) > 0, failed::toString);
    }

    private static long number(MatchResult described, int group) {
        return Long.parseLong(described.group(group));
    }
}
