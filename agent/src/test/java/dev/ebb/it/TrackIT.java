package dev.ebb.it;

import com.sun.tools.attach.VirtualMachine;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Tracked;

import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Objects of tracked types are in the ledger from their constructor to their own close, whichever class has it, whenever that class was loaded. */
@Execution(ExecutionMode.CONCURRENT)
class TrackIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String TRACK = "scenario.Tracked$Base,scenario.Tracked$Handle,scenario.Tracked$Old,scenario.Tracked$NotCloseable";
    private static final List<String> KINDS = List.of("base", "inherits", "overrides", "hands", "implements", "old");

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void subtypesAreTrackedUntilTheirOwnClose(Jdk jdk) {
        // the lowest class of all comes first: it is woven before those above it are loaded
        try (ForkedJvm jvm = AgentJvm.command(jdk, Tracked.class, "scenario.Tracked#load as {0}").option("-Debb.track=" + TRACK).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            jvm.send("overrides");
            assertEquals(1, log.await("load.completed", "overrides").getInt("tracked", 0));
            assertTracked(jvm, log, "waiting", "closed");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void classesLoadedBeforeEbbAreTrackedAsWell(Jdk jdk) throws Exception {
        ForkedJvm.Command command = AgentJvm.unwoven(jdk, Tracked.class);
        try (ForkedJvm jvm = (jdk.feature() >= 21 ? command.option("-XX:+EnableDynamicAgentLoading") : command).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            jvm.send("load-classes");
            jvm.await("^loaded$", LIMIT);
            VirtualMachine machine = VirtualMachine.attach(String.valueOf(jvm.pid()));
            machine.loadAgent(AgentJvm.jar().toAbsolutePath().toString(), "loads=scenario.Tracked#load as {0},track=" + TRACK.replace(",", ";") + ",log.format=json,purge=off");
            machine.detach();
            assertTracked(jvm, log, "waiting", "loaded", "closed");
        }
    }

    private static void assertTracked(ForkedJvm jvm, EbbLog log, String... output) {
        for (String kind : KINDS) {
            if (!kind.equals("overrides") || log.about("overrides").isEmpty()) {
                jvm.send(kind);
                assertEquals(1, log.await("load.completed", kind).getInt("tracked", 0), kind);
            }
        }
        jvm.send("parent-and-child");
        assertEquals(2, log.await("load.completed", "parent-and-child").getInt("tracked", 0));
        for (String none : List.of("untracked", "not-closeable")) {
            jvm.send(none);
            assertEquals(0, log.await("load.completed", none).getInt("tracked", 0), none);
        }
        // closed by its own close inside the load, each of them
        jvm.send("all-closed");
        assertEquals(0, log.await("load.completed", "all-closed").getInt("tracked", 0));
        jvm.send("close");
        jvm.await("^closed$", LIMIT);
        jvm.send("end");
        log.assertEndedWell(output);
    }
}
