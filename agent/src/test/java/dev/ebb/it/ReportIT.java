package dev.ebb.it;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Deadlines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The packaged agent leaves a post-mortem for every load with a verdict, with the words of the log. */
@Execution(ExecutionMode.CONCURRENT)
class ReportIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theTwinHasTheWordsOfTheLog(Jdk jdk) throws Exception {
        ForkedJvm.Command command = AgentJvm.command(jdk, Deadlines.class, "scenario.Deadlines#own as {0}").option("-Debb.load.timeout=5s", "-Debb.rollback.grace=10m", "-Debb.report.dir=" + directory);
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            log.await("load.timed-out", "own");
            jvm.send("open");
            log.await("verdict", "own", ".*\"verdict\":\"returned\"");
            log.await("report.written", "own");
            String verdict = jvm.stderr().lines().filter(line -> line.contains("\"event\":\"verdict\"")).reduce((first, last) -> last).orElseThrow();
            jvm.send("end");
            jvm.waitFor(LIMIT);
            assertEquals(List.of(), log.events("trouble"));

            String twin = Files.readString(only("json"));
            assertTrue(twin.contains("\n" + verdict + "\n]}"), () -> verdict + " is not the last event of " + twin);
            assertTrue(twin.contains("\"name\":\"ebb.load.timeout\",\"value\":\"5s\",\"source\":\"system property\""), twin);
            assertTrue(twin.contains("\"loads\":1,"), () -> "the quick load is not compared with: " + twin);
            // the doctor's block: parts, details, allocators
            for (String figure : List.of("\"account\":{\"residentBytes\":", "\"heapBytes\":", "\"codeBytes\":", "\"stacksBytes\":", "\"allocatorLiveBytes\":", "\"thpExcessBytes\":",
                "\"unexplainedBytes\":", "\"dirtyBytes\":", "\"muzzyBytes\":", "\"pageCacheBytes\":", "\"allocators\":[", "\"findings\":[")) {
                assertTrue(twin.substring(twin.indexOf("\"account\":")).contains(figure), () -> figure + " is not in " + twin);
            }
            String page = Files.readString(only("html"));
            for (String row : List.of(">heap</th>", ">metaspace</th>", ">unexplained</th>", ">heapUsed</th>")) {
                assertTrue(page.substring(page.indexOf("Where the memory of the process is")).contains(row), () -> row + " is not in " + page);
            }
            assertTrue(page.contains("<h1>Load ") && page.contains("own: returned"), page);
            assertTrue(Files.readString(only("hlog")).contains("Tag=load."));
            assertTrue(Files.readString(directory.resolve("index.html")).contains(only("html").getFileName().toString()));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void nothingOfItIsLoadedWhenItIsNotAskedFor(Jdk jdk) {
        try (ForkedJvm jvm = AgentJvm.command(jdk, Deadlines.class, "scenario.Deadlines#own as {0}").option("-Debb.load.timeout=5s", "-Xlog:class+load:stdout").start()) {
            EbbLog log = new EbbLog(jvm);
            log.await("load.timed-out", "own");
            jvm.send("open");
            log.await("verdict", "own");
            jvm.send("end");
            jvm.waitFor(LIMIT);
            assertTrue(jvm.stdout().contains("dev.ebb.report.EventLog"));
            for (String type : List.of("report.Postmortems", "report.Timeline", "report.Story", "report.ReportDirectory", "report.HistogramLog", "Reports")) {
                assertTrue(!jvm.stdout().contains(" dev.ebb." + type), type);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void nothingOfItIsLoadedBeforeTheFirstLoad(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Deadlines.class, "scenario.Deadlines#nobodyCallsThis").option("-Debb.report.dir=" + directory, "-Xlog:class+load:stdout");
        try (ForkedJvm jvm = command.start()) {
            jvm.await("ebb.started", LIMIT);
            jvm.send("open");
            jvm.send("end");
            jvm.waitFor(LIMIT);
            assertTrue(jvm.stdout().contains(" dev.ebb.Reports "));
            assertTrue(!jvm.stdout().contains(" dev.ebb.report.Postmortems"), "the first load is early enough");
        }
    }

    private Path only(String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.filter(file -> file.toString().endsWith("." + ending) && !file.endsWith("index.html")).toList();
            assertEquals(1, found.size(), found::toString);
            return found.get(0);
        }
    }
}
