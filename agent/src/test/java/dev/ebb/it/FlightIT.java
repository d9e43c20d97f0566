package dev.ebb.it;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Commanded;
import scenario.Threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@code jfr print} of the JDK shows of loads, and that nothing of it costs a program that does not record. */
@Execution(ExecutionMode.CONCURRENT)
class FlightIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aRecordingFromTheStartTellsEachLoad(Jdk jdk) throws Exception {
        Path file = directory.resolve("flight.jfr");
        ForkedJvm.Command command = AgentJvm.command(jdk, Threads.class, "scenario.Threads#load as {0}").option("-XX:StartFlightRecording=settings=none,dumponexit=true,filename=" + file,
            "-Xlog:jfr+startup=error", "-Debb.rollback.grace=200ms", "-Debb.purge=on", "-Debb.purge.interval=0s");
        try (ForkedJvm jvm = (jdk.feature() < 24 ? command : command.option("--enable-native-access=ALL-UNNAMED")).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^waiting$", LIMIT);
            log.await("thread.leaked", "times-out");
            log.await("thread.leaked", "completes");
            jvm.send("");
            log.await("verdict", "times-out", ".*\"verdict\":\"returned\"");
            jvm.send("");
            log.assertEndedWell("waiting");

            List<JsonObject> events = print(jdk, file);
            JsonObject lends = only(events, "Load", "lends");
            assertEquals("scenario.Threads#load completed 0", lends.getString("method") + " " + lends.getString("outcome") + " " + lends.getInt("threadsBorn"));
            assertEquals(lends.getLong("load"), only(events, "LoadBegin", "lends").getLong("load"));
            JsonObject timedOut = log.only("load.timed-out", "times-out");
            JsonObject load = only(events, "Load", "times-out");
            assertEquals(timedOut.getString("cause") + " " + timedOut.getLong("rssPeakBytes"), load.getString("cause") + " " + load.getLong("rssPeak"));
            assertEquals("left-by-times-out", only(events, "ThreadLeak", "times-out").getString("leaked"));
            assertTrue(only(events, "ThreadLeak", "times-out").getString("stack").contains("scenario.Threads.leftBehind"));
            List<JsonObject> verdicts = about(events, "Rollback", "times-out");
            assertEquals("returned", verdicts.get(verdicts.size() - 1).getString("verdict"), verdicts::toString);
            assertEquals(log.about("times-out", "verdict").size(), verdicts.size());
            assertEquals(log.about("times-out", "rollback.step").size(), about(events, "RollbackStep", "times-out").size());
            assertEquals(log.events("purge.done").get(0).getLong("purgedBytes"), of(events, "Purge").get(0).getLong("purged"));
        }
    }

    /** What is open then is told of, and nothing was touched of the recorder before. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aRecordingMayBeginLater(Jdk jdk) throws Exception {
        Path classes = directory.resolve("classes.log");
        Path file = directory.resolve("flight.jfr");
        ForkedJvm.Command command = AgentJvm.command(jdk, Commanded.class, "scenario.Commanded#load as {0};scenario.Commanded#stay as staying")
            .option("-Xlog:class+load:file=" + classes);
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("load");
            jvm.send("stay");
            jvm.await("^done stay$", LIMIT);
            log.await("load.completed", "3000004");
            assertEquals(Set.of(), recorderClasses(classes));
            run(jdk, "jcmd", Long.toString(jvm.pid()), "JFR.start", "name=later", "settings=none");
            jvm.send("load");
            log.awaitCount("load.completed", "3000004", "", 2);
            run(jdk, "jcmd", Long.toString(jvm.pid()), "JFR.dump", "name=later", "filename=" + file);
            List<JsonObject> events = print(jdk, file);
            assertEquals(1, about(events, "LoadBegin", "staying").size(), events::toString);
            assertEquals(3_000_004, only(events, "Load", "3000004").getLong("direct"));
            assertEquals(List.of(), log.events("trouble"));
            assertFalse(recorderClasses(classes).isEmpty(), "this test sees them");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aRunTimeImageMayBeWithoutTheRecorder(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.command(jdk, Commanded.class, "scenario.Commanded#load as {0}")
            .option("--limit-modules=java.management,java.instrument,jdk.unsupported,jdk.management");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("load");
            log.await("load.completed", "3000004");
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT));
            assertEquals(List.of(), log.events("trouble"));
        }
    }

    /** Beside the class whose flag says that nobody records. */
    private static Set<String> recorderClasses(Path log) throws IOException {
        Set<String> found = new TreeSet<>();
        for (String line : Files.readAllLines(log)) {
            boolean flag = line.contains(" jdk.jfr.FlightRecorder ");
            if (!flag && (line.contains(" jdk.jfr.") || line.contains(" dev.ebb.report.FlightEvents"))) {
                found.add(line);
            }
        }
        return found;
    }

    private static JsonObject only(List<JsonObject> events, String type, String label) {
        List<JsonObject> found = about(events, type, label);
        assertEquals(1, found.size(), () -> type + " " + label + " in " + events);
        return found.get(0);
    }

    private static List<JsonObject> about(List<JsonObject> events, String type, String label) {
        return of(events, type).stream().filter(event -> label.equals(event.getString("label"))).toList();
    }

    private static List<JsonObject> of(List<JsonObject> events, String type) {
        return events.stream().filter(event -> event.getString("type").equals("dev.ebb." + type)).toList();
    }

    /** The values of Ebb's events in the recording, with {@code type}. */
    private List<JsonObject> print(Jdk jdk, Path file) throws Exception {
        JsonArray all = JsonParser.object().from(run(jdk, "jfr", "print", "--json", "--events", "dev.ebb.*", file.toString())).getObject("recording").getArray("events");
        List<JsonObject> events = new ArrayList<>();
        for (Object one : all) {
            JsonObject values = ((JsonObject) one).getObject("values");
            values.put("type", ((JsonObject) one).getString("type"));
            events.add(values);
        }
        return events;
    }

    private String run(Jdk jdk, String tool, String... arguments) throws Exception {
        Path out = Files.createTempFile(directory, tool, ".out");
        List<String> command = new ArrayList<>(List.of(jdk.home().resolve("bin").resolve(tool).toString()));
        command.addAll(List.of(arguments));
        assertEquals(0, new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start().waitFor(), () -> command.toString());
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
