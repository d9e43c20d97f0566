package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Leaving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Loads that leave 96 MiB in a place that is known: the verdict names it, with the bytes, and the sum adds up. */
@Execution(ExecutionMode.CONCURRENT)
class VerdictIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    static final long BYTES = 96 << 20;
    /** As README and Balance have it. */
    static final long NOISE_BYTES = 16 << 20;

    @TempDir
    private Path directory;

    static List<Arguments> places() {
        List<Arguments> places = new ArrayList<>();
        for (Jdk jdk : Jdks.all()) {
            places.add(Arguments.of(jdk, "returned", "byStepBytes"));
            places.add(Arguments.of(jdk, "held-by-heap", "directBytes"));
            places.add(Arguments.of(jdk, "mapped", "mappedBytes"));
            places.add(Arguments.of(jdk, "on-disk", "diskBytes"));
            places.add(Arguments.of(jdk, "held-by-allocator", "cachedBytes"));
            places.add(Arguments.of(jdk, "unexplained", "unexplainedBytes"));
        }
        return places;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("places")
    void theVerdictNamesThePlaceAndTheBytes(Jdk jdk, String place, String field) {
        try (ForkedJvm jvm = command(jdk, place, directory).option("-Debb.purge=" + (place.equals("held-by-allocator") ? "off" : "on")).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"event\":\"verdict\"", LIMIT);
            JsonObject verdict = log.only("verdict", place);
            assertEquals(place, verdict.getString("verdict"), () -> verdict.toString());
            // the JVM's own coming and going is in all that is measured by RSS
            long tolerance = place.matches("returned|unexplained|held-by-allocator") ? NOISE_BYTES : 0;
            assertTrue(Math.abs(verdict.getLong(field) - BYTES) <= tolerance, () -> field + " of " + verdict);
            assertSum(log, verdict, place);
            if (place.matches("unexplained|held-by-allocator")) {
                // follows on the worker, which a program that ends does not wait for
                jvm.await("\"event\":\"memory.account\"", LIMIT);
            }
            end(jvm, log);
        }
    }

    /** What is let go of after the verdict. */
    @Test
    void aLaterLookSaysWhatHasChanged() {
        try (ForkedJvm jvm = command(Jdks.running(), "held-by-heap", directory).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"event\":\"verdict\".*\"held-by-heap\"", LIMIT);
            jvm.send("");
            jvm.await("^let go$", LIMIT);
            // comes 30 s after the verdict
            String line = jvm.await(".*\"step\":\"recheck\".*", LIMIT).group();
            assertTrue(line.contains("\"verdict\":\"returned\""), line);
            jvm.send("");
            log.assertEndedWell("waiting", "let go");
        }
    }

    static ForkedJvm.Command command(Jdk jdk, String place, Path directory) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Leaving.class, "scenario.Leaving#load as {0}").args(place, directory.toString())
            .option("--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xms64m", "-Xmn32m");
        return jdk.feature() >= 22 ? command.option("--enable-native-access=ALL-UNNAMED") : command;
    }

    private static void assertSum(EbbLog log, JsonObject verdict, String label) {
        long rise = verdict.getLong("rssPeakBytes") - verdict.getLong("rssBeforeBytes");
        assertEquals(rise, verdict.getLong("byItselfBytes") + verdict.getLong("byStepBytes") + verdict.getLong("byOthersBytes") + verdict.getLong("accountedBytes")
            + verdict.getLong("unexplainedBytes"), () -> verdict.toString());
        assertEquals(verdict.getLong("fellBytes"), verdict.getLong("rssPeakBytes") - verdict.getLong("rssAfterBytes"));
        long steps = verdict.getLong("purgedBytes", 0);
        // up to the verdict: a purge may be repeated some seconds later
        for (JsonObject step : log.about(label).stream().takeWhile(event -> !event.getString("event").equals("verdict")).toList()) {
            steps += step.getString("event").equals("rollback.step") ? step.getLong("returnedBytes", 0) : 0;
        }
        assertEquals(verdict.getLong("byStepBytes"), steps, () -> log.about(label).toString());
        long tolerance = NOISE_BYTES + rise / 20;
        long unexplained = verdict.getLong("unexplainedBytes");
        assertTrue(label.equals("unexplained") || Math.abs(unexplained) <= tolerance, () -> "unexplained of " + verdict);
        long resident = verdict.getLong("rssAnonBytes") + verdict.getLong("rssFileBytes") + verdict.getLong("rssShmemBytes");
        assertEquals(verdict.getLong("rssAfterBytes"), resident);
    }

    private static void end(ForkedJvm jvm, EbbLog log) {
        jvm.send("");
        jvm.send("");
        log.assertEndedWell("waiting", "let go");
    }
}
