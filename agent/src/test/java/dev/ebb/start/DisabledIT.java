package dev.ebb.start;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code enabled=false}, from wherever it comes, costs two to four small classes and nothing else. */
class DisabledIT {
    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void byProperty(Jdk jdk) throws IOException {
        assertOff(Patient.command(jdk, "load 1000").option("-Debb.enabled=false"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void byArgument(Jdk jdk) throws IOException {
        assertOff(Patient.unwoven(jdk, "load 1000").option("-javaagent:" + AgentJvm.jar() + "=enabled=false,loads=" + Patient.LOADS), "Arguments");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void byEnvironment(Jdk jdk) throws IOException {
        assertOff(Patient.command(jdk, "load 1000").env("EBB_ENABLED", "false"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void byFile(Jdk jdk) throws IOException {
        Path file = Files.writeString(directory.resolve("ebb.properties"), "ebb.enabled = false\n");
        assertOff(Patient.command(jdk, "load 1000").option("-Debb.config=" + file), "ConfigFile");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void byFileThatTheEnvironmentNames(Jdk jdk) throws IOException {
        Path file = Files.writeString(directory.resolve("ebb.properties"), "enabled=off\n");
        assertOff(Patient.command(jdk, "load 1000").env("EBB_CONFIG", file.toString()), "ConfigFile");
    }

    /** The stronger source says otherwise; this also shows that the other tests would see a class too many. */
    @ParameterizedTest
    @MethodSource("jdks")
    void thePropertyIsStrongerThanTheEnvironment(Jdk jdk) throws IOException {
        Path log = directory.resolve("classes.log");
        Run.of(logged(Patient.command(jdk, "load 30002016").option("-Debb.enabled=true").env("EBB_ENABLED", "false"), log)).assertStory()
            .assertProgram(0, "loaded 30002016").assertLoads(1, 30_002_016);
        assertTrue(ours(log).containsAll(List.of("java.lang.EbbBridge", "dev.ebb.Starter", "dev.ebb.config.Options", "dev.ebb.report.EventLog")));
    }

    private void assertOff(ForkedJvm.Command command, String... alsoFromConfig) throws IOException {
        Path log = directory.resolve("classes.log");
        Run.of(logged(command, log)).assertNoEvents().assertProgram(0, "loaded 1000");
        Set<String> expected = new TreeSet<>(List.of("dev.ebb.Agent", "dev.ebb.config.EnabledCheck"));
        Arrays.stream(alsoFromConfig).map("dev.ebb.config."::concat).forEach(expected::add);
        assertEquals(expected, ours(log));
    }

    private static ForkedJvm.Command logged(ForkedJvm.Command command, Path log) {
        return command.option("-Xlog:class+load:file=" + log);
    }

    private static Set<String> ours(Path log) throws IOException {
        Set<String> names = Patient.loadedClasses(log, "");
        assertTrue(names.contains("patient.Program"), "the log of classes has no program");
        names.removeIf(name -> !name.startsWith("dev.ebb.") && !name.contains("EbbBridge"));
        return names;
    }
}
