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

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Attached from outside to a program that runs already. */
class AttachIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);
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
