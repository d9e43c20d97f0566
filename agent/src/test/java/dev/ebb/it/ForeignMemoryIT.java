package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Incubating;
import scenario.Recording;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Foreign memory: what JDK 17 incubates, and what JDK 22 and later have: arenas, segments and mappings into them, and virtual threads. Scenarios of the latter are compiled by such a
 * JDK when the test runs.
 */
class ForeignMemoryIT {
    private static final List<String> EXPECTED = List.of(
        "shared foreign 30003081 mapped 0 direct 0 born 0",
        "shared-closed foreign 0 mapped 0 direct 0 born 0",
        "confined foreign 1027 mapped 0 direct 0 born 0",
        "confined-closed foreign 0 mapped 0 direct 0 born 0",
        "auto foreign 777777 mapped 0 direct 0 born 0",
        "mapped foreign 0 mapped 1010004 direct 0 born 0",
        "arena-of-before foreign 50000 mapped 0 direct 0 born 0",
        "closes-arena-of-before foreign 0 mapped 0 direct 0 born 0",
        "lent-and-closed foreign 8 mapped 0 direct 0 born 0",
        "initialiser foreign 122 mapped 0 direct 0 born 0",
        "on-virtual-thread foreign 0 mapped 0 direct 31001 born 0",
        "starts-virtual-thread foreign 0 mapped 0 direct 31002 born 1",
        "virtual-executor foreign 0 mapped 0 direct 31003",
        "virtual-async foreign 0 mapped 0 direct 31004");

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @Test
    void whatJdk17IncubatesIsChargedToTheByte() throws IOException {
        Optional<Jdk> jdk = Jdks.feature(17);
        assumeTrue(jdk.isPresent(), "needs JDK 17");
        Path file = Files.write(directory.resolve("file"), new byte[2_000_000]);
        ForkedJvm.Command command = AgentJvm.command(jdk.get(), Incubating.class, "scenario.Incubating#load as {0}").option("--add-modules", "jdk.incubator.foreign")
            // what the JVM says of the module
            .listener(line -> line.startsWith("WARNING: Using incubator modules")).args(file.toString());
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            log.assertEndedWell("done 2000000");
            assertEquals(List.of("shared 30003001 0", "shared-closed 0 0", "confined 1027 0", "confined-closed 0 0", "implicit 777777 0", "mapped 0 1010004", "mapped-closed 0 0",
                "closes-scope-of-before 0 0"), log.events("load.completed").stream().sorted(Comparator.comparingLong(event -> event.getLong("load")))
                    .map(event -> event.getString("label") + " " + event.getLong("foreignBytes") + " " + event.getLong("mappedBytes")).toList());
        }
    }

    @Test
    void arenasAndMappingsAreChargedToTheByte() throws IOException, InterruptedException {
        Jdk jdk = newJdk();
        ForkedJvm.Command command = scenario(jdk, "ForeignMemory", "scenario.Recording#load as {0}").args(directory.resolve("file").toString());
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            log.assertEndedWell("done");
            List<String> found = new ArrayList<>();
            for (JsonObject event : log.events("load.completed").stream().sorted(Comparator.comparingLong(event -> event.getLong("load"))).toList()) {
                // a task of an executor has a thread made for it, which is the executor's or the load's
                String born = event.getString("label").startsWith("virtual-") ? "" : " born " + event.getInt("threadsBorn");
                found.add(event.getString("label") + " foreign " + event.getLong("foreignBytes") + " mapped " + event.getLong("mappedBytes") + " direct "
                    + event.getLong("directBytes") + born);
            }
            assertEquals(String.join("\n", EXPECTED), String.join("\n", found));
        }
    }

    @Test
    void arenasThatNobodyCanCloseAreClosed() throws IOException, InterruptedException {
        ForkedJvm.Command command = scenario(newJdk(), "LostArenas", "scenario.LostArenas#unreachable as unreachable", "scenario.LostArenas#reachable as reachable",
            "scenario.LostArenas#confinedToTheDead as dead", "scenario.LostArenas#confinedToTheLiving as living");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            for (String label : List.of("unreachable", "reachable", "dead")) {
                JsonObject verdict = log.await("verdict", label);
                assertEquals("returned", verdict.getString("verdict"), () -> verdict.toString());
                assertEquals(0, verdict.getLong("foreignBytes"), () -> verdict.toString());
            }
            JsonObject living = log.await("verdict", "living");
            assertEquals("held-by-heap", living.getString("verdict"), () -> living.toString());
            assertEquals(20_002, living.getLong("foreignBytes"));
            assertTrue(living.getArray("holders").toString().contains("WrongThreadException"), () -> living.toString());
            jvm.send("");
            log.assertEndedWell("waiting", "Already closed");
            assertEquals(List.of(30_002_016L, 20_001L, 20_003L, 20_002L),
                List.of("unreachable", "reachable", "dead", "living").stream().map(label -> log.only("load.timed-out", label).getLong("foreignBytes")).toList());
        }
    }

    @Test
    void anArenaThatANativeCallUsesIsClosedAfterIt() throws IOException, InterruptedException {
        ForkedJvm.Command command = scenario(newJdk(), "BusyArena", "scenario.BusyArena#load as busy").option("--enable-native-access=ALL-UNNAMED");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            JsonObject verdict = log.await("verdict", "busy");
            assertEquals("returned 0 []", verdict.getString("verdict") + " " + verdict.getLong("foreignBytes") + " " + verdict.getArray("holders"));
            jvm.send("");
            log.assertEndedWell("waiting", "slept 0");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void classesOfTheSourceLauncherAreWoven(Jdk jdk) {
        ForkedJvm.Command command = ForkedJvm.java(jdk).classpath(directory).option("-Xmx160m", "-Debb.log.format=json", "-Debb.purge=off", "-javaagent:" + AgentJvm.jar(),
            "-Debb.loads=Launched#load;Launched$Loader+#load").main(sources().resolve("Launched.java").toString());
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            log.assertEndedWell("done");
            assertEquals(List.of("Launched#load 30002016", "Launched$Direct#load 30001"),
                log.events("load.completed").stream().map(event -> event.getString("method") + " " + event.getLong("directBytes")).toList());
        }
    }

    private static Jdk newJdk() {
        Optional<Jdk> jdk = Jdks.all().stream().filter(candidate -> candidate.feature() >= 22).findFirst();
        assumeTrue(jdk.isPresent(), "needs a JDK 22 or newer beside the running one");
        return jdk.get();
    }

    /** Compiled into the temporary directory, against the scenarios that all JDKs share. */
    private ForkedJvm.Command scenario(Jdk jdk, String name, String... loads) throws IOException, InterruptedException {
        Path classes = directory.resolve("classes");
        Process javac = new ProcessBuilder(jdk.home().resolve("bin/javac").toString(), "-d", classes.toString(), "-cp", AgentJvm.home(Recording.class).toString(),
            sources().resolve("scenario").resolve(name + ".java").toString()).redirectErrorStream(true).start();
        String output = new String(javac.getInputStream().readAllBytes());
        assertEquals(0, javac.waitFor(), output);
        return AgentJvm.command(jdk, Recording.class, loads).classpath(classes, AgentJvm.home(Recording.class)).main("scenario." + name);
    }

    private static Path sources() {
        try {
            return Path.of(ForeignMemoryIT.class.getResource("/scenarios25/Launched.java").toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
