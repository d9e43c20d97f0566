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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Late;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** When Ebb asks for collections, how many loads one of them serves, and what it does where the JVM does not listen. */
@Execution(ExecutionMode.CONCURRENT)
class CollectIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    /** Five proofs, one more where finalizers exist, and two after the closing. */
    private static final int MOST = 8;
    private static final Pattern ASKED = Pattern.compile("^\\[([0-9.]+)s]\\[.*GC\\((\\d+)\\) .*\\(System\\.gc\\(\\)\\)");

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    /** Without a ZGC of generations, which all of them are since JDK 24: it promotes what is young and then collects what is old when it sees fit, the clock notwithstanding. */
    static List<Arguments> collectors() {
        return LastReferenceIT.collectors().stream().filter(arguments -> !arguments.get()[1].equals("ZGC") || ((Jdk) arguments.get()[0]).feature() < 24).toList();
    }

    /**
     * So that a collector looks at what is old within seconds, by itself: G1 by cycles of its own that begin as soon as there is anything old, ZGC by the clock. By default both do it
     * when they see fit, which may be minutes.
     */
    private static String[] soon(String collector) {
        return switch (collector) {
            case "G1GC" -> new String[] {"-Xmx32m", "-XX:InitiatingHeapOccupancyPercent=5", "-XX:-G1UseAdaptiveIHOP", "-XX:MaxTenuringThreshold=1"};
            case "ZGC" -> new String[] {"-Xmx96m", "-XX:ZCollectionInterval=1"};
            default -> new String[] {"-Xmx32m"};
        };
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void oneServesAllLoadsThatWaitForIt(Jdk jdk) throws IOException {
        int loads = 12;
        try (ForkedJvm jvm = command(jdk, loads, "waits").option("-XX:+UseSerialGC", "-Debb.rollback.gc.interval=700ms").start()) {
            EbbLog log = new EbbLog(jvm);
            for (int i = 0; i < loads; i++) {
                assertClosed(log, "late-" + i);
            }
            assertEquals("live", log.await("verdict", "published").getString("verdict"));
            end(jvm, log, loads);
            List<Double> asked = asked();
            assertFalse(asked.isEmpty());
            assertTrue(asked.size() <= MOST, asked::toString);
            for (int i = 1; i < asked.size(); i++) {
                // each is written down when it is over
                assertTrue(asked.get(i) - asked.get(i - 1) >= 0.5, asked::toString);
            }
            assertNull(step(log, "late-0", "collect").getString("note"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void concurrentOnesDoAsWell(Jdk jdk) throws IOException {
        try (ForkedJvm jvm = command(jdk, 2, "allocates").option("-XX:+UseG1GC", "-XX:+ExplicitGCInvokesConcurrent", "-Xmx32m").start()) {
            EbbLog log = new EbbLog(jvm);
            for (String label : List.of("late-0", "late-1")) {
                log.await("verdict", label);
                assertTrue(log.only("rollback.done", label).getBoolean("resultClosed"));
            }
            // one that the program has caused may have freed the buffers before
            for (JsonObject step : log.events("rollback.step")) {
                assertTrue(!step.getString("step").equals("collect") || step.getString("note").contains("-XX:+ExplicitGCInvokesConcurrent"), step::toString);
            }
            end(jvm, log, 2);
            assertFalse(Files.readString(directory.resolve("gc.log")).contains("Pause Full (System.gc())"));
        }
    }

    /** The user has switched requests off: none is made, that is said once, and what the program's own collections prove counts. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("collectors")
    void whereNoneMayBeAskedForThoseOfTheProgramProve(Jdk jdk, String collector) throws IOException {
        try (ForkedJvm jvm = command(jdk, 2, "allocates").option("-XX:+Use" + collector, "-XX:+DisableExplicitGC").option(soon(collector)).start()) {
            EbbLog log = new EbbLog(jvm);
            // what the program's own garbage does to RSS meanwhile is no matter here
            for (String label : List.of("late-0", "late-1")) {
                assertEquals(0, log.await("verdict", label).getLong("directBytes"));
                assertTrue(log.only("rollback.done", label).getBoolean("resultClosed"));
            }
            for (JsonObject step : log.events("rollback.step")) {
                assertTrue(!step.getString("step").equals("collect") || step.getString("note").equals("-XX:+DisableExplicitGC is set"), step::toString);
            }
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            List<JsonObject> troubles = log.events("trouble");
            assertEquals(1, troubles.size(), troubles::toString);
            assertTrue(troubles.get(0).getString("remedy").startsWith("remove -XX:+DisableExplicitGC"), troubles::toString);
            assertEquals(List.of(), asked());
        }
    }

    /** By the user's word for Ebb alone. */
    @ParameterizedTest
    @MethodSource("jdks")
    void withoutTheRungThoseOfTheProgramProve(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk, 1, "asks").option("-Debb.rollback.gc=off").start()) {
            EbbLog log = new EbbLog(jvm);
            JsonObject verdict = log.await("verdict", "late-0");
            assertTrue(verdict.getString("verdict").equals("returned") || verdict.getString("verdict").equals("held-by-heap"), verdict::toString);
            end(jvm, log, 1);
        }
    }

    private ForkedJvm.Command command(Jdk jdk, int loads, String meanwhile) {
        return AgentJvm.command(jdk, Late.class, "scenario.Late#load as {0}", "scenario.Late#publish as {0}").args(String.valueOf(loads), meanwhile)
            .option("-Debb.track=scenario.Late$Handle", "-Xlog:gc*:file=" + directory.resolve("gc.log") + ":uptime,level");
    }

    private static void end(ForkedJvm jvm, EbbLog log, int loads) {
        jvm.send("end");
        log.assertEndedWell("waiting", "closed " + 101 * loads + " published 100999");
    }

    /** By the ledger alone: the RSS of a JVM that has just started moves by more than these few bytes. */
    private static void assertClosed(EbbLog log, String label) {
        JsonObject verdict = log.await("verdict", label);
        assertEquals(0, verdict.getLong("directBytes"), verdict::toString);
        assertTrue(log.only("rollback.done", label).getBoolean("resultClosed"), verdict::toString);
    }

    private static JsonObject step(EbbLog log, String label, String step) {
        return log.about(label, "rollback.step").stream().filter(event -> event.getString("step").equals(step)).findFirst().orElseThrow();
    }

    /** When each collection that somebody asked for was over, in seconds. */
    private List<Double> asked() throws IOException {
        List<Double> seconds = new ArrayList<>();
        String last = "";
        for (String line : Files.readAllLines(directory.resolve("gc.log"))) {
            Matcher matcher = ASKED.matcher(line);
            if (matcher.find() && !matcher.group(2).equals(last)) {
                last = matcher.group(2);
                seconds.add(Double.parseDouble(matcher.group(1)));
            }
        }
        return seconds;
    }
}
