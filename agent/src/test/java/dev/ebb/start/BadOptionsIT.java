package dev.ebb.start;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Each mistake is one line that names the value and the remedy, and the rest of what the user wrote counts. */
class BadOptionsIT {
    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everyMistakeIsNamedAndTheProgramRunsOn(Jdk jdk) throws IOException {
        Path file = Files.writeString(directory.resolve("ebb.properties"), "ebb.log.levle=warn\npurge.interval=ten\nebb.rollback.unsafe=on\nebb.wibble=1\n");
        Run run = Run.of(Patient.command(jdk, "load 30002016").env("EBB_LOG_SUMARY", "1s").env("EBB_ROLLBACK_ON", "alwys").env("EBB_HOME", "/opt/other")
            .option("-Debb.loads=" + Patient.LOADS + ";patient.Loader;patient.Loader#lo-ad", "-Debb.mode=observ", "-Debb.rollback.grace=5parsecs", "-Debb.rollbak.close=off",
                "-Debb.files=relative/path", "-Debb.load.timeout=patient.Loader#load=soon", "-Debb.timeout.exceptions=not-a-class",
                "-Debb.close=patient.Loader#load then close", "-Debb.config=" + file));
        run.assertStory().assertProgram(0, "loaded 30002016").assertLoads(1, 30_002_016);
        assertEquals("rollback", run.events("ebb.started").get(0).getString("mode"));
        String[] expected = {
            "EBB_LOG_SUMARY is not an option of Ebb; did you mean EBB_LOG_SUMMARY?",
            "ebb.close (system property): \"patient.Loader#load then close\" ",
            "ebb.files (system property): \"relative/path\" is no absolute path below / without . and ..; this entry is ignored",
            "ebb.load.timeout (system property): \"patient.Loader#load=soon\" ",
            "ebb.loads (system property): \"patient.Loader\" has no #method; write pkg.Class#method; this entry is ignored",
            "ebb.loads (system property): \"patient.Loader#lo-ad\" has no valid method name; write pkg.Class#method, with * for any characters; this entry is ignored",
            "ebb.log.levle is not an option of Ebb; did you mean ebb.log.level?",
            "ebb.mode=observ (system property) is not rollback, observe or off; the default rollback is used",
            "ebb.purge.interval=ten (ebb.config file) is not a duration such as 500ms, 5s or 2m; the default 10s is used",
            "ebb.rollback.grace=5parsecs (system property) is not a duration such as 500ms, 5s or 2m; the default 5s is used",
            "ebb.rollback.on=alwys (environment) is not timeout, failure or never; the default timeout is used",
            "ebb.rollback.unsafe is not available in this version and is ignored",
            "ebb.rollbak.close is not an option of Ebb; did you mean ebb.rollback.close?",
            "ebb.timeout.exceptions (system property): \"not-a-class\" is no class name; this entry is ignored",
            "ebb.wibble is not an option of Ebb; remove it, or see the table of options",
        };
        List<String> said = List.copyOf(new TreeSet<>(run.troubles()));
        assertSaid(List.of(expected), said, run);
        assertEquals(said.size(), run.troubles().size(), run::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theRestOfTheArgumentsCounts(Jdk jdk) {
        Run run = Run.of(Patient.unwoven(jdk, "load 30002016")
            .option("-javaagent:" + AgentJvm.jar() + "=nonsense,loads=" + Patient.LOADS + ",mod=observe,log.format=json,purge=never"));
        run.assertStory().assertProgram(0, "loaded 30002016").assertLoads(1, 30_002_016);
        assertSaid(List.of(
            "ebb.mod is not an option of Ebb; did you mean ebb.mode?",
            "ebb.purge=never (agent argument) is not on or off; the default on is used",
            "the agent argument \"nonsense\" is not name=value and is ignored; write for example mode=observe"), List.copyOf(new TreeSet<>(run.troubles())), run);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void configFileThatIsMissing(Jdk jdk) {
        Path missing = directory.resolve("missing.properties");
        assertOneTrouble(Run.of(Patient.command(jdk, "load 30002016").option("-Debb.config=" + missing)),
            "ebb.config=" + missing + " (system property) cannot be read: ", "; name a readable properties file; the other sources are used");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void configFileThatIsADirectory(Jdk jdk) {
        assertOneTrouble(Run.of(Patient.command(jdk, "load 30002016").env("EBB_CONFIG", directory.toString())),
            "ebb.config=" + directory + " (environment) cannot be read: ", "; name a readable properties file; the other sources are used");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void configFileThatIsMalformed(Jdk jdk) throws IOException {
        Path file = Files.writeString(directory.resolve("ebb.properties"), "ebb.files=C:\\users\\me\nebb.mode=observe\n");
        assertOneTrouble(Run.of(Patient.command(jdk, "load 30002016").option("-Debb.config=" + file)),
            "ebb.config=" + file + " (system property) is not a properties file: ", "; write \\\\ for a backslash; the other sources are used");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void configFileThatIsBinary(Jdk jdk) throws IOException {
        Run run = Run.of(Patient.command(jdk, "load 30002016").option("-Debb.config=" + Patient.jar()));
        run.assertStory().assertProgram(0, "loaded 30002016").assertLoads(1, 30_002_016);
        assertFalse(run.troubles().isEmpty(), run::toString);
        assertTrue(run.troubles().stream().allMatch(what -> what.startsWith("ebb.")), run::toString);
        assertTrue(run.troubles().size() <= 5, () -> "a wrong file floods the log: " + run);
    }

    /** Its parent is a file, because root may write everywhere. */
    @ParameterizedTest
    @MethodSource("jdks")
    void logFileInADirectoryThatCannotBe(Jdk jdk) throws IOException {
        Path log = Files.writeString(directory.resolve("file"), "").resolve("ebb.log");
        Run run = Run.of(Patient.command(jdk, "load 30002016").option("-Debb.log.file=" + log));
        assertLogOnStderr(run, log);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void logFileThatIsADirectory(Jdk jdk) {
        Run run = Run.of(Patient.command(jdk, "load 30002016").option("-Debb.log.file=" + directory));
        assertLogOnStderr(run, directory);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void logFileInADirectoryThatIsMissing(Jdk jdk) throws IOException {
        Path log = directory.resolve("logs").resolve("today").resolve("ebb.log");
        Run.of(Patient.command(jdk, "load 30002016").option("-Debb.log.file=" + log)).assertProgram(0, "loaded 30002016");
        String text = Files.readString(log);
        assertTrue(text.contains("\"event\":\"ebb.started\"") && text.contains("\"directBytes\":30002016,") && text.contains("\"event\":\"ebb.stopped\""), text);
    }

    private static void assertOneTrouble(Run run, String start, String end) {
        run.assertStory().assertProgram(0, "loaded 30002016").assertLoads(1, 30_002_016);
        assertEquals(1, run.troubles().size(), run::toString);
        String what = run.troubles().get(0);
        assertTrue(what.startsWith(start) && what.endsWith(end), what);
        assertEquals("rollback", run.events("ebb.started").get(0).getString("mode"));
    }

    /** The complaint comes first, and nothing is lost. */
    private static void assertLogOnStderr(Run run, Path log) {
        run.assertProgram(0, "loaded 30002016").assertLoads(1, 30_002_016);
        assertEquals(1, run.events("ebb.started").size(), run::toString);
        assertEquals(1, run.events("ebb.stopped").size(), run::toString);
        assertEquals(1, run.troubles().size(), run::toString);
        assertTrue(run.events("trouble").get(0).getString("remedy").contains("set ebb.log.file to a file that can be written, now " + log), run::toString);
    }

    /** @param expected sorted; the start of each line is enough */
    private static void assertSaid(List<String> expected, List<String> said, Run run) {
        assertEquals(expected.size(), said.size(), run::toString);
        for (int i = 0; i < expected.size(); i++) {
            int line = i;
            assertTrue(said.get(i).startsWith(expected.get(i)), () -> "expected: " + expected.get(line) + "\nbut was:  " + said.get(line) + "\n" + run);
        }
    }
}
