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
import scenario.Told;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A load that nobody wants any more is ended where it is about to take something, and only where that breaks nothing. */
@Execution(ExecutionMode.CONCURRENT)
class CheckpointIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final List<String> ACQUISITIONS = List.of("catches-exceptions", "deep", "parallel-stream", "stream-in", "stream-out", "random-access", "channel",
        "byte-channel", "asynchronous", "copy", "map", "unsafe");
    private static final String ENDED = "threw LoadAbandonedError load N of scenario.Told#load (label %s, future cancelled) goes on though nobody wants it any more, "
        + "so Ebb ends it here, where it is about to take more; -Debb.rollback.checkpoint=off switches this off";

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everyAcquisitionEndsALoadThatWasToldTo(Jdk jdk) {
        List<String> kinds = new ArrayList<>(ACQUISITIONS);
        if (jdk.feature() >= 22) {
            kinds.addAll(List.of("arena", "virtual"));
        }
        List<String> lines = new ArrayList<>();
        try (ForkedJvm jvm = command(jdk).start()) {
            EbbLog log = new EbbLog(jvm);
            for (String kind : kinds) {
                lines.add(run(jvm, log, kind, "tell", kind + " " + String.format(ENDED, kind)));
            }
            for (String kind : kinds) {
                assertEquals("abandoned", log.await("verdict", kind).getString("outcome"));
            }
            end(jvm, log, lines);
        }
    }

    /** What must not be hit, and what is let go of on the way out. */
    @ParameterizedTest
    @MethodSource("jdks")
    void nothingElseIsBroken(Jdk jdk) {
        List<String> lines = new ArrayList<>();
        // of the purge that one of them asks for a newer JDK would warn
        ForkedJvm.Command command = jdk.feature() >= 24 ? command(jdk).option("--enable-native-access=ALL-UNNAMED") : command(jdk);
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            lines.add(run(jvm, log, "lock", "tell", "lock threw LoadAbandonedError cleaned up"));
            lines.add(run(jvm, log, "initializer", "tell", "initializer threw LoadAbandonedError holder 16"));
            lines.add(run(jvm, log, "class-loading", "tell", "class-loading threw LoadAbandonedError class Plugin"));
            lines.add(run(jvm, log, "own-frames", "tell", "own-frames threw LoadAbandonedError purged"));
            lines.add(run(jvm, log, "dependent-of-others", "tell", "dependent-of-others threw LoadAbandonedError 17"));
            lines.add(run(jvm, log, "child-thread", "tell", "child-thread completed LoadAbandonedError"));
            lines.add(run(jvm, log, "child-task", "tell", "child-task completed LoadAbandonedError"));
            lines.add(run(jvm, log, "handler", "tell", "handler completed nothing"));
            end(jvm, log, lines);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aLoadThatCatchesWhateverIsThrownIsSlowedDownAndNotFed(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("catches-all");
            log.await("rollback.step", "catches-all", ".*\"step\":\"tell\"");
            jvm.send("go");
            jvm.await("^thrown 60$", LIMIT);
            jvm.send("after 60 throws");
            // so many acquisitions were let pass for cleaning up, once
            jvm.await("^catches-all completed waited, passed 4 16 true$", LIMIT);
            end(jvm, log, List.of("thrown 60", "goes on after 60 throws", "catches-all completed waited, passed 4 16 true"));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void switchedOffOrObservingNothingIsThrown(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).option("-Debb.rollback.checkpoint=off").start()) {
            EbbLog log = new EbbLog(jvm);
            List<String> lines = List.of(run(jvm, log, "channel", "", "channel completed nothing"));
            assertTrue(log.about("channel", "rollback.step").stream().noneMatch(step -> step.getString("step").equals("tell")));
            end(jvm, log, lines);
        }
        try (ForkedJvm jvm = command(jdk).option("-Debb.mode=observe").start()) {
            EbbLog log = new EbbLog(jvm);
            List<String> lines = List.of(run(jvm, log, "channel", "tell", "channel completed nothing"));
            JsonObject step = log.about("channel", "rollback.step").get(0);
            assertEquals("tell 1", step.getString("step") + " " + step.getArray("wouldTell").size());
            end(jvm, log, lines);
        }
    }

    private ForkedJvm.Command command(Jdk jdk) {
        return AgentJvm.command(jdk, Told.class, "scenario.Told#load as {0}", "scenario.Told#hasDeadline as {0}")
            .option("-Debb.load.timeout=scenario.Told#hasDeadline=100ms").args(directory.toString());
    }

    /** @param step that is awaited before the load goes on; empty for its end alone; @return the line that the scenario prints */
    private static String run(ForkedJvm jvm, EbbLog log, String kind, String step, String expected) {
        jvm.send(kind);
        if (step.isEmpty()) {
            log.await("load.abandoned", kind);
        } else {
            log.await("rollback.step", kind, ".*\"step\":\"" + step + "\"");
        }
        jvm.send("go");
        String line = expected + " 16 true";
        String got = jvm.await("^" + kind + " .*", LIMIT).group();
        assertEquals(line, got, () -> jvm.failure(kind).getMessage());
        return line;
    }

    private static void end(ForkedJvm jvm, EbbLog log, List<String> lines) {
        jvm.send("end");
        log.assertEndedWell(lines.toArray(new String[0]));
    }
}
