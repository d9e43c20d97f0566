package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.NativeCalls;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Unexplained;

import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A verdict that cannot say where the memory is comes with an account of the whole process. */
class AccountIT {
    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void explainsWhatTheVerdictCannot(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Unexplained.class, "scenario.Unexplained#load as {0}").option("-Debb.purge=on")
            .option("-D" + NativeCalls.PROPERTY + "=" + NativeCalls.library());
        try (ForkedJvm jvm = (jdk.feature() >= 24 ? command.option("--enable-native-access=ALL-UNNAMED") : command).start()) {
            EbbLog log = new EbbLog(jvm);
            assertEquals("unexplained", log.await("verdict", "mmap").getString("verdict"));
            jvm.await("\"event\":\"memory.account\"", Duration.ofSeconds(120));
            JsonObject account = log.events("memory.account").get(0);
            assertEquals(200 << 20, account.getLong("unexplainedBytes"), 20 << 20, account::toString);
            assertTrue(account.getLong("heapBytes") > 0 && account.getLong("allocatorLiveBytes") > 0, account::toString);
            assertTrue(account.getArray("causes").getString(0).startsWith("unexplained: anonymous mappings that belong to no allocator"), account::toString);
            jvm.send("");
            log.assertEndedWell("timed out");
        }
    }
}
