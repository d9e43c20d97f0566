package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.FaultAgent;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Interrupted;
import scenario.Late;
import scenario.Undone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A fault of Ebb's own in a rung costs that rung and no other; too many of them switch to observing. The program notices nothing. */
@Execution(ExecutionMode.CONCURRENT)
class FaultIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aRungThatFailsIsLeftOut(Jdk jdk) throws Exception {
        Path in = Files.createDirectory(directory.resolve("in"));
        Path out = Files.createDirectory(directory.resolve("out"));
        ForkedJvm.Command command = faulty(jdk, "DeleteRung#isDone", Undone.class, "scenario.Undone#clean as clean;scenario.Undone#mixed as mixed")
            .option("-Debb.files=" + in).args(in.toString(), out.toString(), "timeout");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            assertEquals("on-disk", log.await("verdict", "clean").getString("verdict"));
            assertEquals("on-disk", log.await("verdict", "mixed").getString("verdict"));
            assertTrue(log.story("clean").contains("step close"), () -> log.story("clean").toString());
            // the second to come there says what it would do
            List<JsonObject> steps = log.events("rollback.step").stream().filter(step -> step.getString("step").equals("delete")).toList();
            assertEquals(1, steps.size(), steps::toString);
            assertTrue(steps.get(0).getInt("wouldDelete") > 0 && !steps.get(0).has("deleted"), steps::toString);
            jvm.send("look");
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            List<JsonObject> troubles = log.events("trouble");
            assertEquals(1, troubles.size(), troubles::toString);
            assertEquals("rollback delete", troubles.get(0).getString("where"));
            assertTrue(troubles.get(0).getString("remedy").contains("ebb.rollback.delete=off"), troubles::toString);
            // once: from then on the rung is left out
            assertEquals(1, log.events("ebb.stopped").get(0).getInt("troubles"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void tooManyFaultsSwitchToObserving(Jdk jdk) throws Exception {
        String faults = "TellRung#climb;CancelRung#climb;InterruptRung#climb;LastWordRung#climb;CloseRung#isDone";
        ForkedJvm.Command command = faulty(jdk, faults, Interrupted.class, "scenario.Interrupted#load as {0}")
            .option("-Debb.rollback.grace=300ms", "-Debb.rollback.stop=on").args(directory.toString());
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("ignores");
            log.await("verdict", "ignores", ".*\"verdict\":\"held-by-thread\"");
            jvm.await("\"where\":\"rollback stop\"", LIMIT);
            jvm.send("go");
            jvm.await("^ignores completed false 0$", LIMIT);
            String remedy = jvm.await("\"where\":\"rollback\".*", LIMIT).group();
            assertTrue(remedy.contains("5 different faults") && remedy.contains("Ebb only watches from now on") && remedy.contains("dev.ebb:type=Ebb"), remedy);
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            assertEquals(6, log.events("trouble").size(), () -> jvm.failure("troubles").getMessage());
            // a rung that cannot even say what it would do is silent
            assertTrue(log.events("ebb.stopped").get(0).getInt("troubles") <= 10, () -> jvm.failure("troubles").getMessage());
        }
    }

    static List<Arguments> faults() {
        List<Arguments> faults = new ArrayList<>();
        List<String> places = List.of("ProofRung#ask", "CloseSteps#addTo", "CloseSteps#userInHand", "CollectRung#collect", "CollectRung#isDone", "PurgeRung#purge", "Reckoning#of",
            "Verdict#of", "Conclusions#rolledBack", "Retention#of", "StopRungs#giveStop", "Judge#judge", "Rechecks#purgeAgain", "Endings#forget");
        for (int i = 0; i < places.size(); i++) {
            String place = places.get(i);
            Jdks.inTurn(i).forEach(jdk -> faults.add(Arguments.of(jdk, place)));
        }
        return faults;
    }

    /** Wherever it fails. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("faults")
    void eachLoadHasOneVerdict(Jdk jdk, String fault) throws Exception {
        try (ForkedJvm jvm = late(jdk, fault).start()) {
            EbbLog log = new EbbLog(jvm);
            for (String label : List.of("late-0", "late-1")) {
                log.await("verdict", label);
            }
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            assertTrue(jvm.stdout().matches("waiting\nclosed \\d+ published 100999\n"), jvm::stdout);
            for (String label : List.of("late-0", "late-1")) {
                log.only("verdict", label);
            }
            for (JsonObject trouble : log.events("trouble")) {
                assertTrue(trouble.getString("what").contains("made to fail: " + fault), trouble::toString);
                assertFalse(trouble.getString("remedy").isEmpty(), trouble::toString);
            }
        }
    }

    /** One clear line says it, and how to go back; nothing is remembered then. */
    @ParameterizedTest(name = "{0} by {1}")
    @MethodSource("ways")
    void theBudgetIsGivenAnew(Jdk jdk, String way) throws Exception {
        try (ForkedJvm jvm = late(jdk, "*ProofRung#ask;*CloseRung#isDone;*CollectRung#isDone;*DeleteRung#isDone;*PurgeRung#purge").start()) {
            EbbLog log = new EbbLog(jvm);
            String line = jvm.await("\"where\":\"rollback\",.*", LIMIT).group();
            assertTrue(line.contains("Ebb only watches from now on") && line.contains("java -jar ebb-agent.jar mode PID rollback, or set the mode of the MBean dev.ebb:type=Ebb to rollback, or restart"), line);
            log.await("verdict", "late-0");
            log.await("verdict", "late-1");
            if (way.equals("command")) {
                assertEquals("mode rollback, was observe\n", command(jdk, "mode", Long.toString(jvm.pid()), "rollback"));
            }
            jvm.send(way.equals("command") ? "more" : "again");
            JsonObject verdict = log.await("verdict", "again");
            assertEquals("returned", verdict.getString("verdict"), verdict::toString);
            assertTrue(log.only("rollback.done", "again").getBoolean("resultClosed"));
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            log.only("verdict", "late-0");
            log.only("verdict", "late-1");
            assertEquals(6, log.events("trouble").size(), () -> log.events("trouble").toString());
        }
    }

    static List<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>(List.of(Arguments.of(Jdks.running(), "bean")));
        jdks().forEach(jdk -> ways.add(Arguments.of(jdk, "command")));
        return ways;
    }

    private static String command(Jdk jdk, String... arguments) {
        ForkedJvm command = ForkedJvm.java(jdk).jar(AgentJvm.jar()).args(arguments).start();
        assertEquals(0, command.waitFor(LIMIT), () -> command.failure("failed").getMessage());
        return command.stdout();
    }

    private ForkedJvm.Command late(Jdk jdk, String faults) throws Exception {
        return faulty(jdk, faults, Late.class, "scenario.Late#load as {0};scenario.Late#publish as {0}").args("2", "asks")
            .option("-Debb.track=scenario.Late$Handle", "-Debb.purge=on", "-Debb.purge.interval=0", "-Debb.files=" + directory, "-Xmx64m")
            .option(jdk.feature() < 24 ? new String[0] : new String[] {"--enable-native-access=ALL-UNNAMED"});
    }

    /** The agent that makes faults is the first, so that it sees all of Ebb's classes. */
    private ForkedJvm.Command faulty(Jdk jdk, String faults, Class<?> scenario, String loads) throws Exception {
        return AgentJvm.unwoven(jdk, scenario).option("-javaagent:" + FaultAgent.jar(directory) + "=" + faults, "-javaagent:" + AgentJvm.jar(), "-Debb.loads=" + loads);
    }
}
