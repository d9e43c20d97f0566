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
import org.junit.jupiter.params.provider.CsvSource;
import scenario.ThreadCaches;

import java.nio.file.Path;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What lies in the caches of pool threads after a purge is told, and given back when those threads leave their next load or end their next task; what a load that was given up leaves
 * there goes at once.
 */
class ThreadCachesIT {
    @ParameterizedTest
    @CsvSource({"17, libjemalloc.so.2", "17, libtcmalloc_minimal.so.4", "25, libjemalloc.so.2"})
    void poolThreadsGiveTheirCachesBackAfterARollback(int feature, String preloaded) {
        Optional<Jdk> jdk = Jdks.feature(feature);
        Optional<Path> library = Libraries.installed(preloaded);
        assumeTrue(jdk.isPresent(), "JDK " + feature + " is not installed");
        assumeTrue(library.isPresent(), preloaded + " is not installed");
        try (ForkedJvm jvm = command(jdk.get(), library.get()).start()) {
            EbbLog log = new EbbLog(jvm);
            log.await("verdict", "first");
            long held = purge(log, 0).getLong("threadCachesBytes");
            jvm.send("");
            log.await("verdict", "second");
            assertGivenBack(jvm, held, purge(log, 1).getLong("threadCachesBytes"));
            jvm.send("");
            log.await("verdict", "third");
            long heldAgain = purge(log, 2).getLong("threadCachesBytes");
            jvm.send("");
            log.await("verdict", "fourth");
            assertGivenBack(jvm, heldAgain, purge(log, 3).getLong("threadCachesBytes"));
            jvm.send("");
            log.await("verdict", "late");
            long leftByGivenUp = purge(log, 4).getLong("threadCachesBytes");
            assertTrue(leftByGivenUp < held / 4, () -> jvm.failure("threads that left a load which was given up still hold " + leftByGivenUp).getMessage());
            jvm.send("");
            log.assertEndedWell("done");
        }
    }

    private static void assertGivenBack(ForkedJvm jvm, long held, long left) {
        assertTrue(held > 20_000_000, () -> jvm.failure("threads should hold some MB each, and hold " + held).getMessage());
        assertTrue(left < held / 4, () -> jvm.failure("of " + held + " the threads still hold " + left).getMessage());
    }

    private static JsonObject purge(EbbLog log, int at) {
        assertEquals(at + 1, log.events("purge.done").size());
        return log.events("purge.done").get(at);
    }

    private static ForkedJvm.Command command(Jdk jdk, Path library) {
        ForkedJvm.Command command = AgentJvm.command(jdk, ThreadCaches.class, "scenario.ThreadCaches#load as {0}", "scenario.ThreadCaches#give as {0}")
            .env("LD_PRELOAD", library.toString()).option("-D" + NativeCalls.PROPERTY + "=" + NativeCalls.library())
            // the first verdict is the last: no thread is called a holder however long the filling takes
            .option("-Debb.purge=on", "-Debb.purge.interval=0s", "-Debb.rollback.grace=10m");
        return jdk.feature() >= 24 ? command.option("--enable-native-access=ALL-UNNAMED") : command;
    }
}
