package dev.ebb.start;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A pattern that matches nothing is the user's likeliest mistake, and silence about it the worst answer. */
class PatternsIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String MISTAKES = String.join(";", Patient.LOADS, "patient.Laoder#load", "patient.Loader#laod", "patient.Store#open", "patient.Loader#load(long)",
        "com.acme.nowhere.Engine#start");
    private static final List<String> EXPECTED = List.of(
        "the class patient.Laoder has not been loaded so far; the nearest one loaded is patient.Loader",
        "the class patient.Loader has no such method; the nearest one is patient.Loader#load",
        "the class patient.Store has open as an abstract or native method, which has no code to weave; watch its subtypes (patient.Store+#open) or the Java method that calls it",
        "the class patient.Loader has the method with other arguments: load(I)Ljava/nio/ByteBuffer;",
        "the class com.acme.nowhere.Engine has not been loaded so far");

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    /** Once, though the program stops after it. Until the interval is over, the program has to have come to where its classes are loaded. */
    @ParameterizedTest
    @MethodSource("jdks")
    void areNamedAtTheFirstInterval(Jdk jdk) {
        try (ForkedJvm jvm = Patient.command(jdk, "load 30002016", "open", "read").option("-Debb.loads=" + MISTAKES, "-Debb.log.summary=8s").start()) {
            jvm.await("com.acme.nowhere.Engine has not been loaded", LIMIT);
            jvm.await("\"event\":\"ebb.summary\"", LIMIT);
            jvm.send("exit 0");
            Run run = Run.endOf(jvm).assertStory().assertProgram(0, "loaded 30002016", "opened it").assertLoads(1, 30_002_016);
            assertNamed(run, EXPECTED);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void areNamedAtTheEnd(Jdk jdk) {
        Run run = Run.of(Patient.command(jdk, "load 30002016", "open").option("-Debb.loads=" + MISTAKES)).assertStory()
            .assertProgram(0, "loaded 30002016", "opened it").assertLoads(1, 30_002_016);
        assertNamed(run, EXPECTED);
    }

    /** The remedy that the hint names is one. */
    @ParameterizedTest
    @MethodSource("jdks")
    void subtypesOfTheAbstractMethodAreWatched(Jdk jdk) {
        Run run = Run.of(Patient.command(jdk, "open").option("-Debb.loads=patient.Store+#open")).assertStory().assertProgram(0, "opened it");
        assertEquals("patient.Store$Memory#open", run.events("load.completed").get(0).getString("method"));
        assertEquals(List.of(), run.troubles());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void subtypesAndAnnotationsThatMatchNothing(Jdk jdk) {
        Run run = Run.of(Patient.command(jdk, "open").option("-Debb.loads=patient.Store+#opne;@patient.Marked;patient.Stroe+#open")).assertStory()
            .assertProgram(0, "opened it");
        assertNamed(run, List.of(
            "no loaded subtype of patient.Store has a matching method with code so far",
            "no loaded method bears @patient.Marked so far",
            "the class patient.Stroe has not been loaded so far; the nearest one loaded is patient.Store"));
    }

    /** Which is what most users forget. */
    @ParameterizedTest
    @MethodSource("jdks")
    void noneAtAll(Jdk jdk) {
        Run run = Run.of(Patient.command(jdk, "say hello").option("-Debb.loads=")).assertStory().assertProgram(0, "hello");
        assertEquals(List.of("no load is watched: ebb.loads is empty, and no class that a preset names has been loaded"), run.troubles());
        assertEquals("name the methods that load, as -Debb.loads=pkg.Class#method", run.events("trouble").get(0).getString("remedy"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void noneAndNoPresets(Jdk jdk) {
        Run run = Run.of(Patient.command(jdk, "say hello").option("-Debb.loads=", "-Debb.presets=none")).assertStory().assertProgram(0, "hello");
        assertEquals(List.of("ebb.loads is empty: no load is watched"), run.troubles());
    }

    private static void assertNamed(Run run, List<String> expected) {
        List<String> said = new ArrayList<>();
        for (JsonObject trouble : run.events("trouble")) {
            said.add(trouble.getString("what"));
            assertEquals("ebb.loads", trouble.getString("where"), run::toString);
            assertTrue(trouble.getString("remedy").startsWith("correct the pattern in ebb.loads"), run::toString);
        }
        assertEquals(expected.size(), said.size(), run::toString);
        assertEquals(new TreeSet<>(expected), new TreeSet<>(said));
    }
}
