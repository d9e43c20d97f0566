package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Releasing;

import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** After a release the ledger must be empty, else it is said what it still holds, to the byte; and a purge follows. */
class ReleaseIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String[] LOADS = {"scenario.Releasing#load as {0}", "scenario.Releasing#loadIntoStore as {0}", "scenario.Releasing$Shelf#fill as {0}"};
    private static final String RELEASE = "scenario.Releasing$Part#close;scenario.Releasing$Shelf#clear;scenario.Releasing#unload* as {0}";

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatAReleaseLeavesIsSaid(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).option("-Debb.purge=on", "-Debb.purge.interval=1s").start()) {
            EbbLog log = new EbbLog(jvm);
            // whole, dropped, part, shelf, shelf-leaks, by-name, by-name-whole, twice, twice, later
            jvm.await("\"event\":\"ebb.summary\".*\"releases\":10,\"releasesLeaked\":5,", LIMIT);
            for (String label : List.of("whole", "dropped", "part", "shelf", "by-name-whole", "later")) {
                long load = log.only("load.completed", label).getLong("load");
                jvm.await("\"event\":\"purge.done\",\"loads\":\\[[^]]*\"" + load + "\"", LIMIT);
            }
            jvm.send("");
            log.assertEndedWell("done");

            List<String> found = log.events("release.leaked").stream().map(ReleaseIT::text).sorted().toList();
            assertEquals(List.of("by-name loadIntoStore unload 0 1009 1", "part load close 1004 1003 2", "shelf-leaks fill clear 0 1008 1",
                "twice loadIntoStore unload 0 1012 1", "twice loadIntoStore unload 0 1013 1"), found);
            JsonObject part = log.only("release.leaked", "part");
            assertEquals(log.only("load.completed", "part").getLong("load"), part.getLong("load"));
            String holders = part.getArray("holders").toString();
            assertTrue(holders.contains("DIRECT of 1004 bytes taken at java") && holders.contains("UNSAFE of 1003 bytes taken at")
                && holders.contains("scenario.Releasing.load(Releasing.java:"), holders);

        }
    }

    /** Nothing is asked for and nothing is done; what is left for certain is said all the same. */
    @ParameterizedTest
    @MethodSource("jdks")
    void watchedOnlyWhatNoCollectionFreesIsSaid(Jdk jdk) {
        try (ForkedJvm jvm = command(jdk).option("-Debb.purge=on", "-Debb.mode=observe").start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"event\":\"ebb.summary\".*\"releasesLeaked\":5,", LIMIT);
            jvm.send("");
            log.assertEndedWell("done");
            assertEquals(List.of(), log.events("purge.done"));
            assertEquals(List.of("by-name", "part", "shelf-leaks", "twice", "twice"), log.events("release.leaked").stream().map(event -> event.getString("label")).sorted().toList());
        }
    }

    private static ForkedJvm.Command command(Jdk jdk) {
        // with the first summary the patterns are named whose classes are not loaded by then
        ForkedJvm.Command command = AgentJvm.command(jdk, Releasing.class, LOADS).option("-Debb.release=" + RELEASE, "-Debb.log.summary=8s");
        return jdk.feature() >= 23 ? command.option("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED") : command;
    }

    private static String text(JsonObject event) {
        assertEquals("WARN", event.getString("level"));
        return event.getString("label") + " " + method(event.getString("method")) + " " + method(event.getString("release")) + " " + event.getLong("directBytes") + " "
            + event.getLong("nativeBytes") + " " + event.getInt("resources");
    }

    private static String method(String name) {
        return name.substring(name.indexOf('#') + 1);
    }
}
