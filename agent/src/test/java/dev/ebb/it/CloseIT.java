package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Closes;

import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Closes in the order that they need, each once, and a close that hangs costs its own load the rest of its rollback and nobody else anything. */
@Execution(ExecutionMode.CONCURRENT)
class CloseIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whoUsesSomethingIsClosedBeforeIt(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("order");
            assertEquals("returned", log.await("verdict", "order").getString("verdict"));
            // a close that fails leaves open what it may still use
            jvm.send("throwing");
            JsonObject throwing = log.await("verdict", "throwing");
            assertEquals("held-by-heap", throwing.getString("verdict"), () -> throwing.toString());
            assertTrue(throwing.getArray("holders").getString(0).endsWith("Throws: java.io.IOException: no close of throwing"), () -> throwing.toString());
            jvm.send("across");
            assertEquals("returned", log.await("verdict", "base").getString("verdict"));
            assertEquals("returned", log.await("verdict", "user").getString("verdict"));
            jvm.send("old");
            assertEquals("returned", log.await("verdict", "old").getString("verdict"));
            jvm.send("threads");
            assertEquals("returned", log.await("verdict", "threads").getString("verdict"));
            jvm.send("look");
            jvm.send("end");
            log.assertEndedWell("waiting",
                "closed [iterator, opened, options, cache, user of throwing, throwing, user, base, old, used by old, fourth, third, second, first]");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aCloseThatHangsIsReportedAndLeft(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).option("-Debb.rollback.close.timeout=2s").start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("stuck");
            JsonObject step = log.await("rollback.step", "stuck", ".*\"holders\"");
            JsonObject verdict = log.await("verdict", "stuck");
            assertEquals("held-by-thread", verdict.getString("verdict"), () -> verdict.toString());
            for (JsonObject event : List.of(step, verdict)) {
                String holder = event.getArray("holders").getString(0);
                assertTrue(holder.startsWith("close of result scenario.Closes$Stuck goes on: thread ebb-closer WAITING at ") && holder.contains("scenario.Closes$Stuck.close(Closes.java:"),
                    () -> event.toString());
            }
            jvm.send("other");
            assertEquals("returned", log.await("verdict", "other").getString("verdict"));

            // after four of them Ebb does not give the program more threads to hang
            for (String name : List.of("stuck-2", "stuck-3", "stuck-4")) {
                jvm.send(name);
                assertEquals("held-by-thread", log.await("verdict", name).getString("verdict"));
            }
            jvm.send("refused");
            JsonObject refused = log.await("verdict", "refused");
            assertEquals("held-by-heap", refused.getString("verdict"), () -> refused.toString());
            assertEquals("nothing is closed while 4 closes of other loads hang", refused.getArray("holders").getString(0));
            jvm.await("\"event\":\"trouble\".*Ebb closes nothing more until one of them returns", LIMIT);

            // each was taken once, and when they return, all is as before
            jvm.send("release");
            for (String name : List.of("stuck", "stuck-2", "stuck-3", "stuck-4")) {
                log.await("rollback.step", name, ".*\"returned\":\"result scenario.Closes");
            }
            jvm.send("after");
            assertEquals("returned", log.await("verdict", "after").getString("verdict"));
            jvm.send("look");
            jvm.await("^closed \\[other, (stuck[-234]*, ){4}after\\]$", LIMIT);
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT));
            assertEquals(1, log.events("trouble").size(), () -> log.events("trouble").toString());
        }
    }

    /** What it has freed so late lies in the allocator, and nobody else would ask for a purge. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whenACloseThatHungReturnsAllocatorsArePurged(Jdk jdk) {
        ForkedJvm.Command command = command(jdk).option("-Debb.rollback.close.timeout=2s", "-Debb.purge=on");
        if (jdk.feature() >= 24) {
            command.option("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
        }
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("stuck-large");
            JsonObject verdict = log.await("verdict", "stuck-large");
            assertEquals("held-by-thread", verdict.getString("verdict"), verdict::toString);
            jvm.send("release");
            log.await("rollback.step", "stuck-large", ".*\"returned\":\"result scenario.Closes");
            String purged = jvm.await("\"event\":\"purge.done\",\"loads\":\\[\"?" + verdict.getInt("load") + "\"?\\].*\"purgedBytes\":(\\d{8,}),", LIMIT).group(1);
            assertTrue(Long.parseLong(purged) > 32 << 20, purged);
            jvm.send("end");
            log.assertEndedWell("waiting");
        }
    }

    /** They search other segments of the same class, as they do all day. */
    @ParameterizedTest
    @MethodSource("jdks")
    void busyUsersOfOthersDoNotKeepAnOrphanOpen(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("busy");
            assertEquals("returned", log.await("verdict", "busy").getString("verdict"));
            jvm.send("look");
            jvm.send("end");
            log.assertEndedWell("waiting", "closed [busy]");
        }
    }

    /** The collector hands it over while a thread is in a method of it: compiled code keeps nothing that it has no use for. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whoIsInsideIsWaitedFor(Jdk jdk) {
        ForkedJvm.Command command = command(jdk).option("-Xcomp", "-XX:CompileCommand=quiet", "-XX:CompileCommand=compileonly,scenario.Closes$Searched::stay");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            // weaves its close: that later, and the method might be entered uncompiled
            jvm.send("good");
            log.await("load.completed", "good");
            jvm.send("inside");
            String holder = log.await("rollback.step", "inside", ".*\"step\":\"close\".*\"holders\"").getArray("holders").getString(0);
            assertTrue(holder.startsWith("still used by thread scenario-visitor ") && holder.contains("scenario.Closes$Searched.stay"), holder);
            jvm.send("leave");
            assertEquals("returned", log.await("verdict", "inside").getString("verdict"));
            jvm.send("look");
            jvm.send("end");
            log.assertEndedWell("waiting", "closed under its visitor: false", "closed [good, inside]");
        }
    }

    private static ForkedJvm.Command command(Jdk jdk) {
        return AgentJvm.command(jdk, Closes.class, "scenario.Closes#load as {0}", "scenario.Closes#open as {0}", "scenario.Closes#openThrowing as {0}",
            "scenario.Closes#openBase as {0}", "scenario.Closes#openUser as {0}", "scenario.Closes#openOld as {0}",
            "scenario.Closes#openInThreads as {0}").option("-Debb.track=scenario.Closes$Handle,scenario.Closes$OldHandle", "-Debb.purge.interval=0s", "-Debb.rollback.grace=10m",
            // a heap that grows meanwhile would be taken for memory that stays
            "-Xmx64m", "-Xms64m", "-XX:+AlwaysPreTouch");
    }
}
