package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Undone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a load that ends by a timeout of its own gets undone, rung by rung, and what every switch leaves as it was. */
@Execution(ExecutionMode.CONCURRENT)
class RollbackIT {
    /** Without those that only the load called clean has made. */
    private static final List<String> MIXED_BEFORE = List.of("in/before 200", "in/link-to-out link", "in/linked link", "in/made-again 300", "in/mixed 100",
        "in/moved-in 100", "in/opened 100", "in/renamed-in 100", "in/replaced 300", "in/shared-directory/of-somebody-else 300", "out/moved-out 100", "out/outside 100",
        "out/precious 100", "out/through-link 100");
    private static final List<String> MIXED_AFTER = List.of("in/before 200", "in/link-to-out link", "in/linked link", "in/made-again 300", "in/opened 100",
        "in/replaced 300", "in/shared-directory/of-somebody-else 300", "out/moved-out 100", "out/outside 100", "out/precious 100", "out/through-link 100");
    private static final List<String> CLEAN = List.of("in/clean 40000", "in/clean-directory/below/file 2016");

    @TempDir
    private Path directory;
    private Path in;
    private Path out;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @BeforeEach
    void makeDirectories() throws IOException {
        in = Files.createDirectory(directory.resolve("in"));
        out = Files.createDirectory(directory.resolve("out"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everyRungGivesBack(Jdk jdk) {
        ForkedJvm.Command command = command(jdk, "timeout").option("-Debb.purge=on", "-Debb.purge.interval=0s");
        try (ForkedJvm jvm = (jdk.feature() >= 22 ? command.option("--enable-native-access=ALL-UNNAMED") : command).start()) {
            EbbLog log = new EbbLog(jvm);
            JsonObject clean = log.await("verdict", "clean");
            assertEquals("returned", clean.getString("verdict"), () -> clean.toString());
            assertEquals(0, sum(clean, "directBytes", "mappedBytes", "foreignBytes", "openFiles", "filesCreated", "diskBytes"), () -> clean.toString());
            assertEquals(List.of(), clean.getArray("holders"));
            assertTrue(clean.getDouble("ebb") > 0.5 && clean.getDouble("ebb") <= 1, () -> clean.toString());
            assertTrue(clean.getLong("rssPeakBytes") - clean.getLong("rssAfterBytes") > 20_000_000, () -> clean.toString());
            assertTrue(clean.getString("allocator").length() > 0 && clean.has("purgedBytes") && clean.getLong("purgeMs", -1) >= 0, () -> clean.toString());
            assertEquals(List.of("load.timed-out", "step close", "step collect", "step delete", "rollback.done", "verdict returned"), log.story("clean"));

            JsonObject end = log.only("load.timed-out", "clean");
            assertEquals("30002016 40000 " + (jdk.feature() >= 22 ? 80_001 : 0) + " 5 4 42016", end.getLong("directBytes") + " " + end.getLong("mappedBytes") + " "
                + end.getLong("foreignBytes") + " " + end.getInt("openFiles") + " " + end.getInt("filesCreated") + " " + end.getLong("diskBytes"));
            assertEquals(jdk.feature() >= 22 ? 6 : 5, step(log, "clean", "close").getInt("closed"));
            assertTrue(step(log, "clean", "collect").getLong("returnedBytes") > 20_000_000);
            assertEquals("4 42016", step(log, "clean", "delete").getInt("deleted") + " " + step(log, "clean", "delete").getLong("diskBytes"));
            assertFalse(log.events("purge.done").isEmpty());
            assertEquals(clean.getString("allocator"), log.events("purge.done").get(0).getString("allocator"));

            JsonObject mixed = log.await("verdict", "mixed");
            assertEquals("on-disk", mixed.getString("verdict"), () -> mixed.toString());
            assertEquals(lines(MIXED_AFTER), lines(onDisk()));
            assertEquals(3, step(log, "mixed", "delete").getInt("deleted"));
            assertLook(jvm, log, "[third, second, first] channel false arena " + (jdk.feature() >= 22 ? "false" : null));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void observingDoesNothingAndSaysWhatItWouldDo(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk, "timeout").option("-Debb.mode=observe", "-Debb.purge=on").start()) {
            EbbLog log = new EbbLog(jvm);
            log.await("verdict", "clean");
            log.await("verdict", "mixed");
            JsonObject would = step(log, "clean", "observe");
            assertEquals(jdk.feature() >= 22 ? 6 : 5, would.getInt("wouldClose"));
            assertEquals(4, would.getInt("wouldDelete"));
            assertTrue(would.getBoolean("wouldPurge"));
            assertEquals(List.of("load.timed-out", "step observe", "verdict held-by-heap"), log.story("clean"));
            assertEquals(List.of(), log.events("purge.done"));
            assertUntouched(jvm, log, jdk);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void neverMeansNever(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk, "timeout").option("-Debb.rollback.on=never").start()) {
            EbbLog log = new EbbLog(jvm);
            log.await("load.timed-out", "mixed");
            assertUntouched(jvm, log, jdk);
            assertEquals(List.of(), log.events().stream().filter(event -> event.getString("event").startsWith("rollback")).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aFailureIsRolledBackOnlyOnDemand(Jdk jdk) throws IOException {
        try (ForkedJvm jvm = command(jdk, "failure").start()) {
            EbbLog log = new EbbLog(jvm);
            log.await("load.failed", "mixed");
            assertUntouched(jvm, log, jdk);
            assertEquals(List.of("load.failed"), log.story("clean"));
        }
        emptyDirectories();
        try (ForkedJvm jvm = command(jdk, "failure").option("-Debb.rollback.on=failure").start()) {
            EbbLog log = new EbbLog(jvm);
            assertEquals("returned", log.await("verdict", "clean").getString("verdict"));
            log.await("verdict", "mixed");
            assertEquals("failed", log.only("verdict", "clean").getString("outcome"));
            assertEquals(List.of("load.failed", "step close", "step collect", "step delete", "rollback.done", "verdict returned"), log.story("clean"));
            assertEquals(lines(MIXED_AFTER), lines(onDisk()));
            assertLook(jvm, log, "[third, second, first] channel false arena " + (jdk.feature() >= 22 ? "false" : null));
        }
    }

    static List<Arguments> switches() {
        List<Arguments> cases = new ArrayList<>();
        for (Jdk jdk : Jdks.all()) {
            cases.add(Arguments.of(jdk, "close", "held-by-heap"));
            cases.add(Arguments.of(jdk, "delete", "on-disk"));
            cases.add(Arguments.of(jdk, "gc", "held-by-heap"));
        }
        return cases;
    }

    @ParameterizedTest(name = "{0} rollback.{1}=off")
    @MethodSource("switches")
    void everyRungCanBeSwitchedOff(Jdk jdk, String rung, String verdict) {
        try (ForkedJvm jvm = command(jdk, "timeout").option("-Debb.rollback." + rung + "=off").start()) {
            EbbLog log = new EbbLog(jvm);
            assertEquals(verdict, log.await("verdict", "clean").getString("verdict"), () -> log.only("verdict", "clean").toString());
            log.await("verdict", "mixed");
            List<String> story = log.story("clean");
            assertEquals(!rung.equals("close"), story.contains("step close"), () -> story.toString());
            assertEquals(!rung.equals("gc"), story.contains("step collect"), () -> story.toString());
            assertEquals(!rung.equals("delete"), story.contains("step delete"), () -> story.toString());
            // an open file is not deleted
            List<String> after = rung.equals("delete") ? both(MIXED_BEFORE) : rung.equals("close") ? with(MIXED_AFTER, "in/clean 40000") : rung.equals("gc")
                ? with(MIXED_AFTER, "in/clean 40000") : MIXED_AFTER;
            assertEquals(lines(after), lines(onDisk()));
            boolean open = rung.equals("close");
            assertLook(jvm, log, (open ? "[]" : "[third, second, first]") + " channel " + open + " arena " + (jdk.feature() >= 22 ? open : null));
        }
    }

    private ForkedJvm.Command command(Jdk jdk, String end) {
        return AgentJvm.command(jdk, Undone.class, "scenario.Undone#clean as clean", "scenario.Undone#mixed as mixed").option("-Debb.files=" + in)
            // room enough for a JVM that collects only when it is asked to
            .option("-XX:+UseSerialGC", "-Xmx256m", "-Xms256m", "-Xmn200m", "-XX:MetaspaceSize=128m")
            .args(in.toString(), out.toString(), end);
    }

    private void assertUntouched(ForkedJvm jvm, EbbLog log, Jdk jdk) {
        assertLook(jvm, log, "[] channel true arena " + (jdk.feature() >= 22 ? "true" : null));
        assertEquals(lines(both(MIXED_BEFORE)), lines(onDisk()));
    }

    private static void assertLook(ForkedJvm jvm, EbbLog log, String closed) {
        jvm.send("look");
        jvm.send("end");
        log.assertEndedWell("waiting", "closed " + closed);
    }

    private static JsonObject step(EbbLog log, String label, String step) {
        List<JsonObject> steps = log.about(label, "rollback.step").stream().filter(event -> event.getString("step").equals(step)).toList();
        assertEquals(1, steps.size(), () -> step + " of " + label + " in " + log.story(label));
        return steps.get(0);
    }

    private static long sum(JsonObject event, String... fields) {
        long sum = 0;
        for (String field : fields) {
            sum += event.getLong(field, -1);
        }
        return sum;
    }

    /** Files and links below both directories, with sizes. */
    private List<String> onDisk() {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                .map(path -> directory.relativize(path) + (Files.isSymbolicLink(path) ? " link" : " " + path.toFile().length())).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void emptyDirectories() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        }
        makeDirectories();
    }

    private static List<String> both(List<String> mixed) {
        return with(mixed, CLEAN.toArray(new String[0]));
    }

    private static List<String> with(List<String> files, String... more) {
        return Stream.concat(files.stream(), Stream.of(more)).sorted().toList();
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines);
    }
}
