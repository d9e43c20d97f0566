package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.MutatedJar;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.hostile.Program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Loads that behave as badly as programs do. Each family runs without Ebb first: what the program sees must be the same with it, and nothing that somebody
 * reaches may have been freed.
 */
@Execution(ExecutionMode.CONCURRENT)
class HostileIT {
    /** What these loads make they make after their callers have gone: on a busy machine, Ebb could have ended them there before. */
    private static final List<String> UNTOLD = List.of("-Debb.rollback.checkpoint=off");
    /** Where the JVM compiles little, it clears soft references after a second for each free megabyte of a heap that is small here. */
    private static final List<String> SOFT_LAST = List.of("-Debb.rollback.checkpoint=off", "-XX:SoftRefLRUPolicyMSPerMB=10000000");
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final String LOADS = "-Debb.loads=scenario.hostile.Loads#load as {0}";
    private static final String TRACKED = "-Debb.track=scenario.hostile.Inside$Handle";

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatAThreadIsInsideIsLeftAlone(Jdk jdk) throws IOException {
        List<String> held = List.of("swallows", "fifo", "accepts", "process", "unlocked", "raw");
        // by the end of the grace each has to stand where it blocks
        run(jdk, "inside", "3s", log -> {
            for (String label : held) {
                assertEquals("held-by-thread", log.await("verdict", label).getString("verdict"));
            }
            assertHolder(log, "swallows", "scenario.hostile.Inside$Swallows.load(");
            assertHolder(log, "fifo", "java.io.FileInputStream.open0(Native Method)");
            assertHolder(log, "accepts", "java.net.ServerSocket.accept(");
            assertHolder(log, "process", "java.lang.ProcessImpl.waitFor(");
            assertHolder(log, "daemon", "scenario.hostile.Inside$Daemon.work(");
            assertReturned(log, "recursion");
        }, List.of("swallows", "fifo", "accepts", "process", "daemon", "unlocked", "raw"), log -> {
            for (String label : held) {
                assertReturned(log, label);
            }
            log.await("thread.leaked", "daemon");
            log.only("thread.leaked", "daemon");
            log.await("verdict", "daemon");
            log.only("verdict", "daemon");
        }, "late swallows closed 1 swallowed few", "late fifo closed 1", "late accepts closed 1", "late process closed 1", "late daemon closed 0", "late recursion closed 0",
            "late unlocked closed 1", "late raw closed 1");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatIsHardToCloseIsClosedOnceOrNotAtAll(Jdk jdk) throws IOException {
        String twenty = "[1" + ", 1".repeat(19) + "]";
        run(jdk, "closers", "30s", UNTOLD, log -> {
            for (String label : List.of("throws", "throws-error")) {
                JsonObject verdict = log.await("verdict", label);
                assertEquals("held-by-heap", verdict.getString("verdict"), () -> verdict.toString());
            }
            assertHolder(log, "throws", "java.lang.IllegalStateException: cannot be closed");
            assertHolder(log, "throws-error", "java.lang.LinkageError: no code");
            assertEquals("held-by-thread", log.await("verdict", "needs-lock").getString("verdict"));
            assertHolder(log, "needs-lock", "scenario.hostile.Closers$NeedsLock");
            // now Ebb knows what loads return
            log.await("load.completed", "good");
        }, List.of("closes-late", "closed-before", "closed-unheard", "ended-before", "needs-lock"), log -> {
            for (String label : List.of("closed-before", "cleaned", "shapes-0", "shapes-1", "shapes-2", "shapes-3", "shapes-4", "shapes-5", "shapes-6", "shapes-7")) {
                assertReturned(log, label);
            }
            for (String label : List.of("closes-late", "ended-before")) {
                log.awaitCount("verdict", label, ".*\"verdict\":\"returned\"", 20);
            }
            assertEquals("live", log.await("verdict", "finalized").getString("verdict"));
            // by itself, on a thread that was left to it, once it has the lock
            log.await("rollback.step", "needs-lock", ".*\"returned\":\"result ");
            // whether it was heard of or not
            log.await("verdict", "closed-unheard");
        }, "late throws closed 1", "late throws-error closed 1", "late needs-lock closed 1", "late closes-late closed " + twenty, "late closed-before closed 1",
            "late closed-unheard closed 1", "late ended-before closed " + twenty, "late cleaned closed 1", "late finalized closed 0", "late shapes closed [1, 1, 1, 1, 1, 1, 1, 1]");
    }

    /** One collection finds the result garbage together with an object whose finalizer brings it back: the next one says so. With every collector. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("dev.ebb.it.LastReferenceIT#collectors")
    void whatAFinalizerBringsBackIsNotClosed(Jdk jdk, String collector) throws IOException {
        run(jdk, "revived", "30s", List.of("-XX:+Use" + collector), log -> assertEquals("live", log.await("verdict", "resurrected").getString("verdict")), List.of(), log -> { },
            "late resurrected closed 0");
    }

    /** What the program finds again, in whatever place, is its own; the rest is closed once, beside a close that never returns. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whatIsFoundAgainIsLeftAloneAndWhatIsLostIsClosed(Jdk jdk) throws IOException {
        run(jdk, "places", "30s", SOFT_LAST, log -> {
            for (String label : List.of("static", "soft", "local-pool")) {
                JsonObject verdict = log.await("verdict", label);
                assertEquals("live", verdict.getString("verdict"), () -> label + ' ' + verdict);
            }
            assertEquals("held-by-heap", log.await("verdict", "handed-on").getString("verdict"));
            for (String label : List.of("weak", "local-dead", "initialises", "dropped-loader", "virtual")) {
                assertReturned(log, label);
            }
            log.awaitCount("verdict", "retried", ".*\"verdict\":\"returned\"", 10);
            assertEquals("held-by-thread", log.await("verdict", "hangs").getString("verdict"));
            assertHolder(log, "hangs", "scenario.hostile.Places$Hangs$NeverClosed.close(");
        }, List.of(), log -> { }, "late static closed 0", "late soft closed 0", "late weak closed 1", "late local-pool closed 0", "late local-dead closed 1", "late handed-on closed 0",
            "late retried closed [1" + ", 1".repeat(9) + "]", "late initialises closed 0", "late dropped-loader closed 1", "late hangs closed 1", "late virtual closed 1");
    }

    /** Without the wait for quiet, memory is freed under the thread that is inside; and this suite sees it. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aWaitThatIsSkippedIsNoticed(Jdk jdk) throws IOException {
        Path jar = directory.resolve("hasty.jar");
        MutatedJar.answerTrue(AgentJvm.jar(), directory.resolve("half.jar"), "dev/ebb/load/Load", "quiet");
        MutatedJar.answerTrue(directory.resolve("half.jar"), jar, "dev/ebb/load/LoadFutures", "haveCarriersEnded");
        ForkedJvm.Command command = AgentJvm.unwoven(jdk, Program.class).option("-javaagent:" + jar, LOADS, TRACKED).option(quiet(jdk)).args(directory.toString(), "inside/raw");
        try (ForkedJvm jvm = command.start()) {
            new EbbLog(jvm).await("verdict", "raw");
            jvm.send("raw");
            jvm.send("end");
            jvm.await("^raw freed under its user true$", LIMIT);
        }
    }

    /**
     * @param before what has to be in the log until the deeds are led on
     * @param led in this order
     * @param after what has to be in the log until the program ends
     * @param late its lines about late results; all others are those that it prints without Ebb
     */
    private void run(Jdk jdk, String family, String grace, Consumer<EbbLog> before, List<String> led, Consumer<EbbLog> after, String... late) throws IOException {
        run(jdk, family, grace, List.of(), before, led, after, late);
    }

    private void run(Jdk jdk, String family, String grace, List<String> options, Consumer<EbbLog> before, List<String> led, Consumer<EbbLog> after, String... late)
        throws IOException {
        List<String> lines = new ArrayList<>(without(jdk, family, led));
        lines.addAll(List.of(late));
        ForkedJvm.Command command = AgentJvm.command(jdk, Program.class, "scenario.hostile.Loads#load as {0}").option("-Debb.rollback.grace=" + grace, "-Debb.rollback.close.timeout=2s", TRACKED).option(quiet(jdk)).option(options.toArray(new String[0]))
            .args(Files.createDirectory(directory.resolve("with")).toString(), family);
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            before.accept(log);
            for (String name : led) {
                jvm.send(name);
                jvm.await("^led " + name + "$", LIMIT);
            }
            after.accept(log);
            jvm.send("end");
            log.assertEndedWell(lines.toArray(new String[0]));
        }
    }

    /** What the program prints without Ebb, but for the late results. */
    private List<String> without(Jdk jdk, String family, List<String> led) throws IOException {
        try (ForkedJvm jvm = AgentJvm.unwoven(jdk, Program.class).args(Files.createDirectory(directory.resolve("without")).toString(), family).start()) {
            jvm.await("^waiting$", LIMIT);
            led.forEach(jvm::send);
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("wrong exit code").getMessage());
            return jvm.stdout().lines().filter(line -> !line.startsWith("late ")).toList();
        }
    }

    /** What the scenarios do by Unsafe is warned about since JDK 24. */
    private static String[] quiet(Jdk jdk) {
        return jdk.feature() >= 24 ? new String[] {"--sun-misc-unsafe-memory-access=allow"} : new String[0];
    }

    private static void assertHolder(EbbLog log, String label, String part) {
        JsonObject verdict = log.await("verdict", label);
        assertTrue(verdict.getArray("holders").toString().contains(part), () -> part + " is no holder in " + verdict);
    }

    private static void assertReturned(EbbLog log, String label) {
        JsonObject verdict = log.await("verdict", label, ".*\"verdict\":\"returned\"");
        assertEquals(0, verdict.getLong("directBytes"), () -> verdict.toString());
    }
}
