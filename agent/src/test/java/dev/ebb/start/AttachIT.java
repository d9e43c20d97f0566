package dev.ebb.start;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Commanded;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Attached from outside to a program that runs already. */
class AttachIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int ATTACHES = Integer.getInteger("ebb.test.attaches", 8);
    /** After so many all classes are loaded, and all caches filled. */
    private static final int EARLY = 3;
    private static final long MOST_METASPACE = 150 << 10;
    private static final long MOST_HEAP = 8 << 10;
    private static final Pattern FIGURES = Pattern.compile("(?m)^figures metaspace (\\d+) threads (\\d+) descriptors (\\d+) heap (\\d+)$");
    private static final String ARGUMENTS = "loads=" + Patient.LOADS + ",log.format=json,purge=off";

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void weavesWhatIsLoadedAlready(Jdk jdk) throws Exception {
        try (ForkedJvm jvm = attachable(Patient.unwoven(jdk, "load 1000", "read"), jdk).start()) {
            jvm.await("loaded 1000", LIMIT);
            attach(jvm, ARGUMENTS);
            jvm.send("load 30002016");
            jvm.send("timeout 1000");
            jvm.await("\"event\":\"verdict\".*\"method\":\"patient.Loader#loadTooLong\"", LIMIT);
            jvm.send("exit 0");
            Run run = Run.endOf(jvm).assertStory().assertProgram(0, "loaded 1000", "loaded 30002016", "the load took too long").assertLoads(1, 30_002_016);
            assertEquals(2, run.events("ebb.stopped").get(0).getInt("loads"), run::toString);
            assertEquals(List.of(), run.troubles(), run::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theSecondAttachIsIgnored(Jdk jdk) throws Exception {
        try (ForkedJvm jvm = attachable(Patient.command(jdk, "say ready", "read"), jdk).start()) {
            jvm.await("ready", LIMIT);
            attach(jvm, "mode=off");
            jvm.await("\\[ebb\\] Ebb is in this JVM already", LIMIT);
            jvm.send("load 30002016");
            jvm.send("exit 4");
            Run run = Run.endOf(jvm).assertStory().assertLoads(1, 30_002_016);
            assertEquals(4, run.exitCode());
            assertEquals("ready\nloaded 30002016\n", run.stdout());
            assertEquals(1, run.otherStderr().size(), run::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void disabledByTheArguments(Jdk jdk) throws Exception {
        try (ForkedJvm jvm = attachable(Patient.unwoven(jdk, "say ready", "read"), jdk).start()) {
            jvm.await("ready", LIMIT);
            attach(jvm, "enabled=false," + ARGUMENTS);
            jvm.send("load 1000");
            jvm.send("exit 0");
            Run.endOf(jvm).assertNoEvents().assertProgram(0, "ready", "loaded 1000");
        }
    }

    /** Again and again: nothing may pile up in the program. {@code -Debb.test.attaches=100} does it a hundred times. */
    @ParameterizedTest
    @MethodSource("jdks")
    void attachedAndDetachedAgainAndAgainItLeavesNothing(Jdk jdk) throws Exception {
        try (ForkedJvm jvm = attachable(AgentJvm.unwoven(jdk, Commanded.class), jdk).start()) {
            jvm.await("^ready$", LIMIT);
            for (int i = 1; i <= ATTACHES; i++) {
                attach(jvm, "loads=scenario.Commanded#load as a" + i + ",log.format=json,purge=off");
                jvm.send("load");
                jvm.await("\"label\":\"a" + i + "\"", LIMIT);
                ForkedJvm detach = ForkedJvm.java(jdk).jar(AgentJvm.jar()).args("detach", Long.toString(jvm.pid())).start();
                assertEquals(0, detach.waitFor(LIMIT), () -> detach.failure("not detached").getMessage());
                if (i == EARLY || i == ATTACHES) {
                    jvm.send("figures");
                }
            }
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            List<MatchResult> figures = FIGURES.matcher(jvm.stdout()).results().toList();
            MatchResult first = figures.get(0);
            MatchResult last = figures.get(figures.size() - 1);
            int times = ATTACHES - EARLY;
            // what the JVM keeps of thirty-six redefinitions each time
            assertTrue(number(last, 1) - number(first, 1) < times * MOST_METASPACE, () -> "metaspace: " + jvm.stdout());
            assertEquals(number(first, 2), number(last, 2), 1, () -> "threads: " + jvm.stdout());
            assertTrue(number(last, 3) <= number(first, 3) + 1, () -> "descriptors: " + jvm.stdout());
            assertTrue(number(last, 4) - number(first, 4) < times * MOST_HEAP, () -> "heap: " + jvm.stdout());
        }
    }

    private static long number(MatchResult figures, int group) {
        return Long.parseLong(figures.group(group));
    }

    /** JDK 21 and later warn of an agent that comes late, whatever agent it is. */
    private static ForkedJvm.Command attachable(ForkedJvm.Command command, Jdk jdk) {
        return jdk.feature() < 21 ? command : command.option("-XX:+EnableDynamicAgentLoading");
    }

    /** Returns when agentmain has returned. */
    private static void attach(ForkedJvm jvm, String arguments) throws IOException, AttachNotSupportedException, AgentLoadException, AgentInitializationException {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(jvm.pid()));
        try {
            machine.loadAgent(AgentJvm.jar().toAbsolutePath().toString(), arguments);
        } finally {
            machine.detach();
        }
    }
}
