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
import scenario.Downloads;
import scenario.Recording;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is charged to a load, to the byte, wherever it is taken; and what is not. */
@Execution(ExecutionMode.CONCURRENT)
class RecordingIT {
    private static final String[] FIELDS = {"directBytes", "mappedBytes", "foreignBytes", "nativeBytes", "openFiles", "filesCreated", "diskBytes", "filesGrown", "grownBytes", "threadsBorn"};

    /** In the order in which they begin: label, then the fields above that are not 0. */
    private static final List<String> EXPECTED = List.of(
        "direct directBytes=30002016",
        "direct-released directBytes=10007",
        "direct-of-before",
        "mapped mappedBytes=1700004",
        "unsafe nativeBytes=1000001",
        "unsafe-reallocated nativeBytes=2003005",
        "unsafe-not-reallocated nativeBytes=1004",
        "unsafe-of-before",
        "heap",
        "streams openFiles=3 filesCreated=1 diskBytes=1234",
        "streams-closed filesCreated=1 diskBytes=77",
        "channels openFiles=4",
        "asynchronous openFiles=1",
        "directories openFiles=2",
        "nio-temporary filesCreated=1 diskBytes=123456",
        "files-nio filesCreated=7 diskBytes=11018",
        "files-io filesCreated=6 diskBytes=320000",
        "files-of-before",
        "files-grown filesGrown=2 grownBytes=" + (11 + 22 + 150),
        "files-grown-and-moved filesGrown=1 grownBytes=7",
        "files-moved filesCreated=3 diskBytes=302",
        "files-linked filesCreated=4 diskBytes=500",
        "files-temporary filesCreated=5 diskBytes=" + (60 + 4_000 + 70),
        "files-deleted",
        "thread directBytes=20001 threadsBorn=1",
        "thread-in-thread directBytes=20002 openFiles=1 threadsBorn=2",
        "own-pool directBytes=40007 threadsBorn=2",
        "unheard-thread threadsBorn=1",
        "callable directBytes=21001",
        "runnable directBytes=21002",
        "supply-async directBytes=21003",
        "supply-async-pool directBytes=21004",
        "run-async directBytes=21005",
        "execute directBytes=21006",
        "caller-runs",
        "task-in-task directBytes=21007",
        "left-behind directBytes=42017",
        "outside directBytes=22001",
        "beside-1 directBytes=22003",
        "beside-2 directBytes=22002",
        "part directBytes=44009",
        "parent directBytes=22006 threadsBorn=1",
        "child directBytes=22007",
        "initialiser",
        "initialiser-of-memory directBytes=1113",
        "initialiser-and-part directBytes=23001",
        "ignored",
        "system-logger",
        "own-logger",
        "logger-later directBytes=4010",
        "logger-later-small",
        "own-provider",
        "own-loader directBytes=14",
        "logging",
        "cleaner",
        "random",
        "process",
        "common-workers",
        "privileged openFiles=1",
        "reflection openFiles=1",
        "method-handle openFiles=2");

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everythingIsChargedToItsLoadAndNothingElse(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Recording.class, "scenario.Recording#load as {0}", "scenario.Recording#inner as inner")
            .option("-Debb.ignore=scenario.Recording$Ignored").args(directory.toString());
        try (ForkedJvm jvm = (jdk.feature() >= 23 ? command.option("--sun-misc-unsafe-memory-access=allow") : command).start()) {
            EbbLog log = new EbbLog(jvm);
            log.assertEndedWell("done");
            List<String> found = new ArrayList<>();
            for (JsonObject event : log.events("load.completed").stream().sorted(Comparator.comparingLong(event -> event.getLong("load"))).toList()) {
                found.add(charged(event));
                assertEquals(0, event.getInt("threadsAlive", -1));
            }
            assertEquals(String.join("\n", EXPECTED), String.join("\n", found));
            assertEquals(EXPECTED.size(), log.events("ebb.stopped").get(0).getInt("loads"));

            // how much of a logger's small blocks is the load's depends on what other threads initialise meanwhile
            long small = log.only("load.completed", "logger-later-small").getLong("directBytes");
            assertTrue(small >= 4_010 && small < 4_010 + (1 << 20), () -> "charged with " + small);

            assertHeap(log, "heap", 5_000_016);
            assertHeap(log, "thread", 3_000_016);
            assertHeap(log, "callable", 4_000_016);
            assertHeap(log, "caller-runs", 2_000_016);
            assertHeap(log, "outside", 0);
            assertHeap(log, "child", 6_000_016);
            assertHeap(log, "parent", 0);
            assertEquals(log.only("load.completed", "parent").getLong("load"), log.only("load.completed", "child").getLong("parent"));
        }
    }

    /** The client, its threads and its buffers are the program's; and its stages, which wait for its threads, keep a load open for two seconds at most. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whatTheJdksHttpClientBringsInIsTheLoads(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Downloads.class, "scenario.Recording#load as {0}").args(directory.resolve("downloaded").toString());
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            assertEquals("first filesCreated=1 diskBytes=4321", charged(log.await("load.completed", "first")));
            assertEquals("again directBytes=4321", charged(log.await("load.completed", "again")));
            jvm.send("");
            log.assertEndedWell("done");
        }
    }

    private static String charged(JsonObject event) {
        StringBuilder text = new StringBuilder(event.getString("label"));
        // JDK 17 starts a thread for each task of the common pool where there are two processors
        boolean threadsByChance = List.of("supply-async", "run-async").contains(event.getString("label"));
        for (String field : FIELDS) {
            boolean byChance = threadsByChance && field.equals("threadsBorn") || event.getString("label").equals("logger-later-small");
            if (event.getLong(field, 0) != 0 && !byChance) {
                text.append(' ').append(field).append('=').append(event.getLong(field, 0));
            }
        }
        return text.toString();
    }

    /** Classes that are loaded, lambdas that are linked and Ebb's own records are garbage of the load, too; a large array counted twice would not pass. */
    private static void assertHeap(EbbLog log, String label, long bytes) {
        long found = log.only("load.completed", label).getLong("heapBytes");
        assertTrue(found >= bytes && found < bytes + 1_200_000, () -> label + " has " + found + " heap bytes instead of " + bytes);
    }
}
