package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.Libraries;
import dev.ebb.testing.NativeCalls;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.GivenUp;
import scenario.Malloc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What loads take from malloc, counted by jemalloc for each thread and charged to the loads that the threads work for. */
class NativeBytesIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    /** For loads that write more than a GiB. */
    private static final Duration LONG_LIMIT = Duration.ofMinutes(4);
    /** A thousand blocks of 114,688 bytes, and the array of their addresses. */
    private static final long TAKEN = 114_688_000 + 8_192;
    /** What the JVM itself takes on a thread that runs new code. */
    private static final long NEAR = 300_000;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void countsMallocOfAllThreadsOfALoad(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).start()) {
            EbbLog log = begin(jvm, "\"label\":\"waiting\".*\"nativeCounted\"");
            assertEquals(TAKEN, nativeBytes(log, "kept"), NEAR);
            assertEquals(8_192, nativeBytes(log, "freed"), NEAR);
            assertEquals(TAKEN / 10, nativeBytes(log, "tenth"), NEAR);
            assertEquals(TAKEN, nativeBytes(log, "ownThread"), NEAR);
            assertEquals(TAKEN, nativeBytes(log, "poolThread"), NEAR);
            assertEquals(2 * TAKEN, nativeBytes(log, "outer"), NEAR);
            // what the ledger lists by itself is not counted again
            assertEquals(30_000_001, log.only("load.completed", "buffer").getLong("directBytes"));
            assertEquals(0, nativeBytes(log, "buffer"), NEAR);
            assertEquals(20_000_001, nativeBytes(log, "unsafe"), NEAR);
            assertEquals(TAKEN, nativeBytes(log, "bufferFreed"), NEAR);
            // an engine's own thread is not seen, as the README says
            assertEquals(0, nativeBytes(log, "foreignThread"), NEAR);
            assertEquals("malloc of the load's threads, not of an engine's own", log.only("load.completed", "kept").getString("nativeCounted"));
            // to the byte, in most of many loads that are all the same: now and then the JVM takes something of its own on the load's thread
            assertEquals(100 * 1_024 + 896, middle(log, "exact"));
            assertEquals(896, middle(log, "exactFreed"));
            if (jdk.feature() >= 21) {
                JsonObject virtual = log.await("load.completed", "virtualThread");
                assertFalse(virtual.has("nativeCounted"), "a virtual thread's counters would be its carrier's");
                assertEquals(0, virtual.getLong("nativeBytes"));
            }
            log.assertEndedWell("done");
        }
    }

    /** The median. */
    private static long middle(EbbLog log, String label) {
        List<Long> all = log.about(label, "load.completed").stream().map(load -> load.getLong("nativeBytes")).sorted().toList();
        assertTrue(all.size() > 20, () -> "only " + all.size() + " loads were said one by one");
        return all.get(all.size() / 2);
    }

    /** In an arena of its own a load's live bytes are known also when others free them, and what its survivors keep of the pages. */
    @ParameterizedTest
    @MethodSource("jdks")
    void knowsTheLiveBytesOfAnArenaPerLoad(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).option("-Debb.arena=per-load").args("arenas").start()) {
            jvm.await("\"label\":\"waiting\".*\"arenaBytes\"", LIMIT);
            jvm.send("");
            EbbLog log = new EbbLog(jvm);
            // when the next load was looked at, the ones before have given their arenas back
            jvm.await("\"event\":\"load.completed\".*\"label\":\"left done\"", LONG_LIMIT);
            jvm.send("");
            log.await("load.completed", "many done");
            jvm.send("");
            JsonObject left = log.await("verdict", "leaves");
            jvm.send("");
            jvm.await("^done$", LIMIT);
            assertEquals(TAKEN, arenaBytes(log, "kept"), NEAR);
            assertEquals(8_192, arenaBytes(log, "freed"), NEAR);
            assertEquals(TAKEN / 10, arenaBytes(log, "tenth"), NEAR);
            // a thread that the load has started is bound when Ebb first hears of it, and this one takes nothing that Ebb hears of
            assertEquals(0, arenaBytes(log, "ownThread"), NEAR);
            assertEquals(TAKEN, arenaBytes(log, "ownThreadHeard"), NEAR);
            assertEquals(TAKEN, arenaBytes(log, "poolThread"), NEAR);
            assertEquals(2 * TAKEN, arenaBytes(log, "outer"), NEAR);
            assertEquals(8_192, arenaBytes(log, "freedElsewhere"), NEAR);
            assertEquals(TAKEN / 10, arenaBytes(log, "tenthElsewhere"), NEAR);
            assertEquals(TAKEN, nativeBytes(log, "freedElsewhere"), NEAR, "the counters of the load's threads cannot know");
            // 80,000 blocks of 512 bytes, of which each eighth stays: one in each page; and the array of their addresses
            assertEquals(80_000 / 8 * 512 + 655_360, arenaBytes(log, "survivors"), NEAR);
            assertEquals(80_000 / 8 * 7 * 512, arenaFragmentedBytes(log, "survivors"), NEAR);
            assertEquals(0, arenaFragmentedBytes(log, "kept"), NEAR, "large blocks pin nothing");
            log.only("load.completed", "elsewhere true, back true");
            log.only("load.completed", "pool elsewhere true, back true");
            assertEquals(TAKEN / 10, arenaBytes(log, "afterOthers"), NEAR, "what others have left and free now is not this load's");
            assertFalse(log.only("load.completed", "afterOthers").has("arenaOthersBytes"), "there were clean arenas");
            JsonObject among = log.only("load.completed", "amongMany");
            assertEquals(TAKEN, among.getLong("arenaBytes"), NEAR);
            assertTrue(among.getLong("arenaOthersBytes") >= 15 * 114_688, among::toString);
            if (jdk.feature() >= 21) {
                assertEquals(0, arenaBytes(log, "virtualThread"), NEAR, "its carrier is not bound");
            }
            assertEquals(TAKEN, left.getLong("arenaBytes"), NEAR, left::toString);
            assertTrue(left.getArray("holders").toString().matches(".*109\\.4 MiB of the load's arena are in use, and 0\\.[01] MiB free in pages that its small blocks keep.*"), left::toString);
            log.assertEndedWell("done");
        }
    }

    /** No warning of the JVM's for the sake of a figure: EbbLog finds nothing on stderr but Ebb's own lines. */
    @ParameterizedTest
    @MethodSource("jdks")
    void isSilentWhereTheJvmWouldWarn(Jdk jdk) {
        try (ForkedJvm jvm = AgentJvm.command(jdk, GivenUp.class, "scenario.Engine#load as {0}").env("LD_PRELOAD", jemalloc().toString()).start()) {
            jvm.await("^waiting$", LIMIT);
            jvm.send("");
            assertEquals(0, jvm.waitFor(LIMIT));
            assertFalse(jvm.stderr().contains("WARNING"), () -> jvm.failure("warned").getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void canBeSwitchedOff(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).option("-Debb.native.count=off").start()) {
            EbbLog log = begin(jvm, "\"label\":\"waiting\"");
            JsonObject kept = log.await("load.completed", "kept");
            assertEquals(0, kept.getLong("nativeBytes"));
            assertFalse(kept.has("nativeCounted"));
            assertTrue(log.await("load.completed", "unsafe").getLong("nativeBytes") == 20_000_001);
        }
    }

    private static EbbLog begin(ForkedJvm jvm, String when) {
        jvm.await(when, LIMIT);
        jvm.send("");
        jvm.await("^done$", LIMIT);
        return new EbbLog(jvm);
    }

    private static long nativeBytes(EbbLog log, String label) {
        return log.await("load.completed", label).getLong("nativeBytes");
    }

    private static long arenaBytes(EbbLog log, String label) {
        return log.await("load.completed", label).getLong("arenaBytes");
    }

    private static long arenaFragmentedBytes(EbbLog log, String label) {
        return log.only("load.completed", label).getLong("arenaFragmentedBytes");
    }

    private static ForkedJvm.Command command(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Malloc.class, "scenario.Malloc#load as {0}").env("LD_PRELOAD", jemalloc().toString())
            .option("-D" + NativeCalls.PROPERTY + "=" + NativeCalls.library());
        return jdk.feature() >= 24 ? command.option("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow") : command;
    }

    private static Path jemalloc() {
        Optional<Path> jemalloc = Libraries.installed("libjemalloc.so.2");
        assumeTrue(jemalloc.isPresent(), "libjemalloc.so.2 is not installed");
        return jemalloc.get();
    }
}
