package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Burst;
import scenario.Crowded;
import scenario.Many;

import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What recording costs of the program's heap, and what happens where it would cost too much. {@code ebb.scale.seconds} makes it longer. */
class ScaleIT {
    /** Of one live resource, its place in the index included, sampled stacks not (issue 3). */
    private static final int HEAP_BYTES = 100;
    /** The first pages of the table, spread over 3,000 files. */
    private static final int FIXED_OF_FEW = 10;
    /** The two threads make 40,000 loads at the least meanwhile: a hundred bytes of each would be too much, and a load alone takes more. */
    private static final long GROWTH_BYTES = 4_000_000;
    private static final int SECONDS = 1;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aLiveResourceTakesAHundredBytesAtMostAndLoadsBesideItLeaveNothing(Jdk jdk) {
        String tracked = "scenario.Many$Handle";
        ForkedJvm.Command command = AgentJvm.command(jdk, Many.class, "scenario.Many#load as {0}", "scenario.Many#loadBlocks as {0}", "scenario.Many#loadAndGiveBack as {0}")
            // a collection that leaves a twentieth of the heap uncompacted would be taken for growth
            .option("-Xmx1g", "-XX:+UseSerialGC", "-XX:MarkSweepDeadRatio=0", "-Xlog:disable", "-Debb.track=" + tracked, "-Debb.log.summary=1s")
            .listener(line -> line.contains("\"label\":\"rush\"")).args(Integer.toString(Integer.getInteger("ebb.scale.seconds", SECONDS)), "block", "1000000");
        List<String> kinds = jdk.feature() >= 22 ? List.of("direct", "file", "tracked", "arena") : List.of("direct", "file", "tracked");
        for (String kind : kinds) {
            command.args(kind, kind.equals("file") ? "3000" : "100000");
        }
        try (ForkedJvm jvm = allowUnsafe(command, jdk).start()) {
            EbbLog log = new EbbLog(jvm);
            assertAtMost(jvm, "block", HEAP_BYTES);
            // nothing else grows with it
            assertAtMost(jvm, "heap", HEAP_BYTES);
            assertNothingStays(jdk, jvm);
            for (int i = 0; i < kinds.size(); i++) {
                assertAtMost(jvm, kinds.get(i), HEAP_BYTES + (kinds.get(i).equals("file") ? FIXED_OF_FEW : 0));
                log.await("load.completed", kinds.get(i));
                jvm.send("");
            }
            jvm.await("^done$", LIMIT);
            assertEquals(1_000_000, log.only("load.completed", "block").getLong("nativeBytes"));
            assertFalse(log.only("load.completed", "block").has("unrecorded"));
        }
    }

    /** The million is live all the while. */
    private static void assertNothingStays(Jdk jdk, ForkedJvm jvm) {
        long warm = Long.parseLong(jvm.await("^warm (\\d+)$", LIMIT).group(1));
        jvm.await(saidInAll(warm), LIMIT);
        jvm.send("");
        MatchResult rushed = jvm.await("^rushed (\\d+) in (\\d+) ms, of the processor (\\d+) ms$", LIMIT);
        jvm.await(saidInAll(warm + Long.parseLong(rushed.group(1))), LIMIT);
        jvm.send("");
        long grown = Long.parseLong(jvm.await("^grown (-?\\d+)$", LIMIT).group(1));
        System.out.println(jdk + ": beside 1,000,000 live resources " + rushed.group(1) + " loads in " + rushed.group(2) + " ms, " + Long.parseLong(rushed.group(1)) * 1000
            / Long.parseLong(rushed.group(2)) + " a second; " + Long.parseLong(rushed.group(3)) * 1000 / Long.parseLong(rushed.group(1))
            + " us of processor each; the heap has grown by " + grown + " bytes");
        assertTrue(grown < GROWTH_BYTES, () -> jvm.failure("the heap has grown by " + grown).getMessage());
    }

    private static String saidInAll(long loads) {
        return "\"event\":\"ebb.summary\",.*\"completed\":" + loads + ",";
    }

    private static void assertAtMost(ForkedJvm jvm, String what, int bytes) {
        int found = Integer.parseInt(jvm.await("^" + what + " (-?\\d+)$", LIMIT).group(1));
        System.out.println(what + ": " + found + " bytes of heap for each");
        assertTrue(found <= bytes, () -> jvm.failure(what + " takes " + found + " bytes").getMessage());
    }

    /** 64 MiB of heap: 131,072 records, half of them for one load. */
    @ParameterizedTest
    @MethodSource("jdks")
    void beyondTheLimitBytesAreCountedAndDetailsAreDropped(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Crowded.class, "scenario.Crowded#load as {0}").option("-Xmx64m", "-XX:+UseSerialGC").args("100000");
        try (ForkedJvm jvm = allowUnsafe(command, jdk).start()) {
            EbbLog log = new EbbLog(jvm);
            log.await("load.completed", "after");
            jvm.send("");
            log.assertEndedWell("done");
            int heapRecords = (int) (log.only("load.completed", "kept").getLong("nativeBytes") / 10 - log.only("load.completed", "kept").getLong("unrecorded"));
            assertTrue(heapRecords > 60_000 && heapRecords <= 65_536, () -> "records of one load: " + heapRecords);
            assertCounted(log, "few", 0, 0);
            // given back or not: beyond the limit nobody can tell
            assertCounted(log, "freed", 10L * (100_000 - heapRecords), 100_000 - heapRecords);
            assertCounted(log, "kept", 1_000_000, 100_000 - heapRecords);
            // there is room for others
            assertCounted(log, "after", 1_000, 0);
        }
    }

    /** Far more loads than can be said one by one; 64 MiB of heap would not hold what waits. */
    @ParameterizedTest
    @MethodSource("jdks")
    void loadsThatComeFasterThanTheyAreSaidAreCounted(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Burst.class, "scenario.Burst#load").option("-Xmx64m", "-XX:+UseSerialGC", "-Debb.log.summary=1s")
            .args("3", "200000");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            String summary = jvm.await("^.*\"event\":\"ebb.summary\",\"loads\":600000,.*$", LIMIT).group();
            jvm.send("");
            jvm.await("^done$", LIMIT);
            assertTrue(summary.contains("\"completed\":600000,"), summary);
            assertTrue(summary.contains("\"unsaid\":" + (600_000 - log.events("load.completed").size()) + ","), summary);
        }
    }

    private static void assertCounted(EbbLog log, String label, long nativeBytes, long unrecorded) {
        JsonObject line = log.only("load.completed", label);
        assertEquals(nativeBytes, line.getLong("nativeBytes"), label);
        assertEquals(unrecorded, line.getLong("unrecorded", 0), label);
        assertEquals(10 * unrecorded, line.getLong("unrecordedBytes", 0), label);
    }

    private static ForkedJvm.Command allowUnsafe(ForkedJvm.Command command, Jdk jdk) {
        return jdk.feature() >= 23 ? command.option("--sun-misc-unsafe-memory-access=allow") : command;
    }
}
