package dev.ebb.start;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** However a program starts and ends, it runs as it would without Ebb, and Ebb says so once at either end. */
class StartIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void mainReturns(Jdk jdk) {
        assertSameAsWithout(jdk, "say hello", "load 30002016").assertStory().assertProgram(0, "hello", "loaded 30002016").assertLoads(1, 30_002_016);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void mainThrows(Jdk jdk) {
        Run run = assertSameAsWithout(jdk, "load 30002016", "throw").assertStory().assertLoads(1, 30_002_016);
        assertEquals(1, run.exitCode());
        assertEquals("Exception in thread \"main\" java.lang.IllegalStateException: thrown by main", run.otherStderr().get(0));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theProgramCallsExit(Jdk jdk) {
        assertSameAsWithout(jdk, "load 30002016", "exit 7").assertStory().assertProgram(7, "loaded 30002016").assertLoads(1, 30_002_016);
    }

    /** Nothing runs after a halt, Ebb's hook neither. */
    @ParameterizedTest
    @MethodSource("jdks")
    void theProgramHalts(Jdk jdk) {
        Run run = assertSameAsWithout(jdk, "load 30002016", "halt 9").assertProgram(9, "loaded 30002016");
        assertEquals(0, run.events("ebb.stopped").size());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theProgramIsTerminated(Jdk jdk) {
        try (ForkedJvm jvm = Patient.command(jdk, "load 30002016", "read").start()) {
            jvm.await("loaded", LIMIT);
            assertTrue(ProcessHandle.of(jvm.pid()).orElseThrow().destroy());
            Run.endOf(jvm).assertStory().assertProgram(128 + 15, "loaded 30002016").assertLoads(1, 30_002_016);
        }
    }

    /** The worker may not have had its turn yet: three programs, because it is a race. */
    @ParameterizedTest
    @MethodSource("jdks")
    void theProgramEndsAtOnce(Jdk jdk) throws IOException {
        Path exiting = Patient.agent("patient.ExitingAgent", directory);
        for (int i = 0; i < 3; i++) {
            Run.of(Patient.command(jdk).option("-javaagent:" + exiting)).assertStory().assertProgram(5, "ended before main");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void modeOffWeavesNothing(Jdk jdk) {
        Run run = Run.of(Patient.command(jdk, "load 30002016", "timeout 30002016").option("-Debb.mode=off")).assertStory()
            .assertProgram(0, "loaded 30002016", "the load took too long");
        assertEquals("off", run.events("ebb.started").get(0).getString("mode"));
        assertEquals(0, run.events("ebb.stopped").get(0).getLong("loads"));
        assertEquals(List.of(), run.events("load.completed"));
        assertEquals(List.of(), run.events("load.timed-out"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theSecondOfTwoAgentsSteps(Jdk jdk) {
        assertSecondSteps(Patient.command(jdk, "load 30002016").option("-javaagent:" + AgentJvm.jar() + "=mode=off"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theSecondOfTwoCopiesSteps(Jdk jdk) throws IOException {
        Path copy = Files.copy(AgentJvm.jar(), directory.resolve("ebb-of-somebody-else.jar"));
        assertSecondSteps(Patient.command(jdk, "load 30002016").option("-javaagent:" + copy));
    }

    /** A log of Java's, a management server or a recording that starts before main breaks programs that bring their own (FACTS 12). */
    @ParameterizedTest
    @MethodSource("jdks")
    void nothingHeavyIsLoadedBeforeMain(Jdk jdk) throws IOException {
        Path log = directory.resolve("classes.log");
        Run.of(Patient.command(jdk, "say hello").option("-Debb.loads=patient.Loader#load", "-Xlog:class+load:file=" + log)).assertStory().assertProgram(0, "hello");
        List<String> lines = Files.readAllLines(log);
        int main = 0;
        while (!lines.get(main).contains("patient.Program source:")) {
            main++;
        }
        Path before = Files.write(directory.resolve("before-main.log"), lines.subList(0, main));
        Set<String> loaded = Patient.loadedClasses(before, "");
        assertTrue(loaded.contains("dev.ebb.weave.Weaver") && loaded.contains("dev.ebb.shaded.asm.ClassReader"), loaded::toString);
        Set<String> heavy = new TreeSet<>(loaded);
        heavy.removeIf(name -> !name.matches("(java\\.util\\.logging|javax\\.management|java\\.lang\\.management|jdk\\.jfr)\\..*"));
        assertEquals(Set.of(), heavy);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theSmallestRuntimeIsEnough(Jdk jdk) {
        Run.of(Patient.command(jdk, "load 30002016").option("--limit-modules=java.base,java.instrument")).assertStory()
            .assertProgram(0, "loaded 30002016").assertLoads(1, 30_002_016);
    }

    /** The load, the future that carries it and the caller who gives up are all there before Ebb is ready. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aLoadThatBeginsAtOnceIsRecordedWhole(Jdk jdk) throws IOException {
        try (ForkedJvm jvm = delayed(jdk, "", "give-up 30002016", "read").start()) {
            jvm.await("\"event\":\"verdict\"", LIMIT);
            jvm.send("exit 0");
            Run run = Run.endOf(jvm).assertStory().assertProgram(0, "gave up");
            assertEquals(30_002_016, run.events("load.abandoned").get(0).getLong("directBytes"), run::toString);
            assertEquals("caller timed out, nobody can read the result", run.events("load.abandoned").get(0).getString("cause"), run::toString);
            assertEquals(List.of(), run.troubles(), run::toString);
        }
    }

    /** The load waits for Ebb, and Ebb for a lock that the load's thread holds, in a static initialiser at that: the program wins, and the next load is recorded. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aProgramThatHoldsWhatEbbNeedsGoesOn(Jdk jdk) throws IOException {
        try (ForkedJvm jvm = delayed(jdk, "lock", "initialize", "read").start()) {
            jvm.await("\"event\":\"trouble\"", LIMIT);
            jvm.send("load 30002016");
            jvm.send("exit 0");
            Run run = Run.endOf(jvm).assertStory().assertProgram(0, "loaded 1000", "loaded 30002016").assertLoads(1, 30_002_016);
            assertEquals(List.of("IllegalStateException: a thread has waited 10 s for Ebb to be ready, and went on without: main"), run.troubles(), run::toString);
        }
    }

    /** Nobody waits for an Ebb that never gets ready but who needs it. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aProgramWithoutLoadsDoesNotWait(Jdk jdk) throws IOException {
        Run.of(delayed(jdk, "lock", "say hello")).assertStory().assertProgram(0, "hello");
    }

    private ForkedJvm.Command delayed(Jdk jdk, String how, String... steps) throws IOException {
        return Patient.unwoven(jdk, steps).option("-javaagent:" + Patient.agent("patient.DelayingAgent", directory) + "=" + how)
            .option("-javaagent:" + AgentJvm.jar(), "-Debb.loads=" + Patient.LOADS, "-Debb.log.format=json", "-Debb.purge=off");
    }

    /** What premain cannot do without: the JVM would abort on an exception from it; and what Ebb's thread needs beside it, for which a load waits. */
    @ParameterizedTest
    @ValueSource(strings = {"java/lang/EbbBridge", "dev/ebb/config/Options", "dev/ebb/Starter", "dev/ebb/weave/Weaver", "dev/ebb/report/EventLog", "dev/ebb/record/Recorder", "dev/ebb/rollback/Worker"})
    void aDamagedJarCostsEbbAlone(String missing) throws IOException {
        Path damaged = Files.copy(AgentJvm.jar(), directory.resolve("damaged.jar"));
        try (FileSystem jar = FileSystems.newFileSystem(damaged)) {
            Files.delete(jar.getPath(missing + ".class"));
        }
        for (Jdk jdk : Jdks.all()) {
            Run run = Run.of(Patient.unwoven(jdk, "load 30002016").option("-javaagent:" + damaged, "-Debb.loads=" + Patient.LOADS));
            assertEquals(0, run.exitCode(), run::toString);
            assertEquals("loaded 30002016\n", run.stdout(), run::toString);
            assertEquals(1, run.otherStderr().size(), run::toString);
            String line = run.otherStderr().get(0);
            assertTrue(line.startsWith("[ebb] Ebb is off, and the program runs without it: ") && line.contains(missing), line);
        }
    }

    /** JDK 17 is the last that we support which can have one. What Ebb may not do there, it says; the program must not care. */
    @ParameterizedTest
    @MethodSource("jdks")
    void underASecurityManager(Jdk jdk) {
        assumeTrue(jdk.feature() < 24, "JDK 24 took the security manager away");
        Run run = Run.of(Patient.command(jdk, "say hello").option("-Djava.security.manager=default"));
        assertEquals(0, run.exitCode(), run::toString);
        assertEquals("hello\n", run.stdout(), run::toString);
        assertTrue(run.events("ebb.started").size() == 1 || run.otherStderr().stream().filter(line -> line.startsWith("[ebb] Ebb is off")).count() == 1, run::toString);
    }

    private static Run assertSameAsWithout(Jdk jdk, String... steps) {
        Run without = Run.of(Patient.unwoven(jdk, steps));
        Run with = Run.of(Patient.command(jdk, steps));
        assertEquals(List.of(), without.events("ebb.started"));
        assertEquals(without.exitCode(), with.exitCode(), with::toString);
        assertEquals(without.stdout(), with.stdout(), with::toString);
        assertEquals(without.otherStderr(), with.otherStderr(), with::toString);
        return with;
    }

    private static void assertSecondSteps(ForkedJvm.Command command) {
        Run run = Run.of(command).assertStory().assertLoads(1, 30_002_016);
        assertEquals(0, run.exitCode());
        assertEquals("loaded 30002016\n", run.stdout());
        assertEquals(List.of("[ebb] Ebb is in this JVM already; remove the second -javaagent (or the attach): it is ignored"), run.otherStderr());
        assertEquals("rollback", run.events("ebb.started").get(0).getString("mode"));
    }
}
