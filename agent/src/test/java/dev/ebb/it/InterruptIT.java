package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Interrupted;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Threads of loads that nobody wants any more are interrupted, for that load only, where it hurts nobody else; what the program interrupts stays interrupted. */
@Execution(ExecutionMode.CONCURRENT)
class InterruptIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aLoadThatBlocksIsInterrupted(Jdk jdk) throws Exception {
        mkfifo();
        List<String> lines = new ArrayList<>();
        List<String> kinds = new ArrayList<>(List.of("sleep", "take", "wait", "lock"));
        if (jdk.feature() >= 21) {
            kinds.add("virtual");
        }
        try (ForkedJvm jvm = command(jdk).option("-Debb.rollback.grace=10m").start()) {
            EbbLog log = new EbbLog(jvm);
            for (String kind : kinds) {
                lines.add(run(jvm, kind, kind + " threw InterruptedException false nothing"));
                // a thread that has not got far enough, into what blocks or out of it, is looked at once more
                assertEquals(List.of("load.abandoned", "step interrupt", "rollback.done", "verdict returned"), awaitEnd(log, kind).stream().distinct().toList());
            }
            lines.add(run(jvm, "own-channel", "own-channel threw ClosedByInterruptException false nothing"));
            awaitEnd(log, "own-channel");
            end(jvm, log, lines);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void fiveTimesAtMost(Jdk jdk) {
        // a sixth would come after 6.3 s
        try (ForkedJvm jvm = command(jdk).option("-Debb.rollback.grace=8s").start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("ignores");
            jvm.await("^ignores interrupt 5$", LIMIT);
            assertEquals("held-by-thread", log.await("verdict", "ignores").getString("verdict"));
            jvm.send("go");
            jvm.await("^ignores completed false 5$", LIMIT);
            awaitEnd(log, "ignores");
            end(jvm, log, List.of("ignores interrupt 1", "ignores interrupt 2", "ignores interrupt 3", "ignores interrupt 4", "ignores interrupt 5", "ignores completed false 5"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatOthersUseIsNotHurt(Jdk jdk) throws Exception {
        mkfifo();
        List<String> lines = new ArrayList<>();
        try (ForkedJvm jvm = command(jdk).option("-Debb.rollback.grace=2s").start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("shared-channel");
            lines.add(letGo(jvm, log, "shared-channel", "shared-channel completed false true"));
            jvm.send("shared-channel-now-and-then");
            // between two reads, so that the flag is set when the next one begins
            log.await("rollback.step", "shared-channel-now-and-then", ".*\"interrupted\":\\[\"");
            jvm.send("go");
            lines.add(jvm.await("^shared-channel-now-and-then completed false true$", LIMIT).group());
            jvm.send("fifo-stream");
            lines.add(letGo(jvm, log, "fifo-stream", "fifo-stream completed false 7"));
            jvm.send("initializer");
            JsonObject step = log.await("rollback.step", "initializer", ".*\"step\":\"interrupt\"");
            assertEquals(0, step.getArray("interrupted").size());
            assertTrue(step.getArray("leftAlone").getString(0).contains("Interrupted$Holder.<clinit>"), step::toString);
            jvm.send("go");
            lines.add(jvm.await("^initializer threw InterruptedException false true$", LIMIT).group());
            end(jvm, log, lines);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void interruptsOfTheProgramStay(Jdk jdk) {
        List<String> lines = new ArrayList<>();
        try (ForkedJvm jvm = command(jdk).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("restores");
            jvm.await("^restores interrupt 1$", LIMIT);
            jvm.send("go");
            jvm.await("^restores completed false true$", LIMIT);
            jvm.send("programs-caught");
            jvm.await("^programs-caught interrupt 2$", LIMIT);
            jvm.send("go");
            jvm.await("^programs-caught completed true true$", LIMIT);
            jvm.send("programs-pending");
            assertEquals("held-by-thread", log.await("verdict", "programs-pending").getString("verdict"));
            jvm.send("go");
            jvm.await("^programs-pending completed true nothing$", LIMIT);
            assertFalse(log.story("programs-pending").contains("step interrupt"));
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT));
            assertEquals(List.of(), log.events("trouble"));
        }
    }

    /** A race: loads end within the moments in which they are interrupted. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aThreadThatHasMovedOnIsNotInterrupted(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).option("-Debb.rollback.gc=off").start()) {
            EbbLog log = new EbbLog(jvm);
            String line = run(jvm, "moved-on", "moved-on strays 0");
            assertTrue(log.events("rollback.step").stream().anyMatch(step -> step.getString("step").equals("interrupt")), () -> jvm.failure("none interrupted").getMessage());
            end(jvm, log, List.of(line));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void switchedOffOrObservingNothingIsInterrupted(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).option("-Debb.rollback.interrupt=off", "-Debb.rollback.grace=500ms").start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("ignores");
            List<String> lines = List.of(letGo(jvm, log, "ignores", "ignores completed false 0"));
            assertFalse(log.story("ignores").contains("step interrupt"));
            end(jvm, log, lines);
        }
        try (ForkedJvm jvm = command(jdk).option("-Debb.mode=observe", "-Debb.rollback.grace=500ms").start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("ignores");
            log.await("rollback.step", "ignores", ".*\"wouldInterrupt\":\\[\"");
            List<String> lines = List.of(letGo(jvm, log, "ignores", "ignores completed false 0"));
            end(jvm, log, lines);
        }
    }

    private ForkedJvm.Command command(Jdk jdk) {
        return AgentJvm.command(jdk, Interrupted.class, "scenario.Interrupted#load as {0}", "scenario.Interrupted#shortLoad as short")
            // what a load hands over and waits for would be cancelled if it had not begun yet
            .option("-Debb.rollback.checkpoint=off", "-Debb.rollback.cancel=off").args(directory.toString());
    }

    private void mkfifo() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", directory.resolve("fifo").toString()).start().waitFor());
    }

    private static String run(ForkedJvm jvm, String kind, String expected) {
        jvm.send(kind);
        String got = jvm.await("^" + kind + " (completed|threw|strays) .*", LIMIT).group();
        assertEquals(expected, got, () -> jvm.failure(kind).getMessage());
        return got;
    }

    /** Of a load that no interrupt ends, and that has been sent. */
    private static String letGo(ForkedJvm jvm, EbbLog log, String kind, String expected) {
        assertEquals("held-by-thread", log.await("verdict", kind).getString("verdict"));
        jvm.send("go");
        String got = jvm.await("^" + kind + " (completed|threw) .*", LIMIT).group();
        assertEquals(expected, got, () -> jvm.failure(kind).getMessage());
        return got;
    }

    private static List<String> awaitEnd(EbbLog log, String kind) {
        log.await("verdict", kind, ".*\"verdict\":\"returned\"");
        return log.story(kind);
    }

    private static void end(ForkedJvm jvm, EbbLog log, List<String> lines) {
        jvm.send("end");
        log.assertEndedWell(lines.toArray(new String[0]));
    }
}
