package dev.ebb.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.ebb.load.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventLogTest {
    private static final String NASTY = "a b\n[ebb] fake=\"x\"\r\t\\ \u0000\u001b[31m\u0085\u2028\u2029\u202e\ud800 é 😀";

    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    @Test
    void aTextLine() {
        Event event = new Event(Event.Level.INFO, "load.completed").with("load", 3).with("label", "seg-42").with("method", "a.b.C#load").with("durationMs", 812L)
            .bytes("directBytes", 402_863_718).ratio("ebb", 0.98765).with("none", null).with("quiet", true);
        log("info", false).event(event);
        assertEquals("[ebb] " + time(event) + " INFO load.completed load=3 label=seg-42 method=a.b.C#load durationMs=812 direct=384.2MiB ebb=0.988 quiet=true\n", written());
        assertTrue(written().matches("\\[ebb] \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (?s).*"), written());
    }

    /** A rollback goes on whatever its lines do. */
    @Test
    void aLineThatCannotBeMadeIsCountedAndThrowsNothing() {
        Troubles troubles = new Troubles();
        EventLog log = log("info", false);
        log.troubles(troubles);
        log.event(new Event(Event.Level.INFO, "x").with("bad", new Object() {
            @Override
            public String toString() {
                throw new OutOfMemoryError("made to fail");
            }
        }));
        log.event(new Event(Event.Level.INFO, "y"));
        assertEquals(1, troubles.count());
        assertTrue(written().endsWith(" INFO y\n") && written().lines().count() == 1, written());
    }

    @Test
    void aJsonLine() throws JsonParserException {
        Event event = new Event(Event.Level.WARN, "verdict").with("load", 3).with("label", NASTY).bytes("directBytes", 30_002_016L).ratio("ebb", 0.5).with("none", null)
            .with("bad", Double.NaN).with("quiet", false).with("holders", List.of("t-1 at a.B", "x\ny"));
        log("info", true).event(event);
        assertEquals(1, written().lines().count(), written());
        JsonObject json = JsonParser.object().from(written());
        assertEquals(List.of("time", "level", "event", "load", "label", "directBytes", "ebb", "quiet", "holders"), new ArrayList<>(json.keySet()));
        assertEquals(time(event), json.getString("time"));
        assertEquals("WARN", json.getString("level"));
        assertEquals("verdict", json.getString("event"));
        assertEquals(3, json.getLong("load"));
        assertEquals(NASTY.replace('\ud800', '?'), json.getString("label"));
        assertTrue(written().contains("\"directBytes\":30002016,"), written());
        assertEquals(0.5, json.getDouble("ebb"));
        assertEquals(List.of("t-1 at a.B", "x\ny"), json.getArray("holders"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.0MiB", "1048576, 1.0MiB", "-1048576, -1.0MiB", "-1, 0.0MiB", "52429, 0.1MiB", "-471859, -0.4MiB", "1125899906842624, 1073741824.0MiB"})
    void bytesAreMebibytesWithOneDecimal(long bytes, String text) {
        log("info", false).event(new Event(Event.Level.INFO, "x").bytes("rssBeforeBytes", bytes));
        assertTrue(written().endsWith(" rssBefore=" + text + "\n"), written());
    }

    @ParameterizedTest
    @CsvSource({"0, 0.000", "1, 1.000", "0.9996, 1.000", "-0.0004, 0.000", "-1.25, -1.250", "0.0625, 0.063"})
    void ratiosHaveThreeDecimals(double ratio, String text) {
        log("info", false).event(new Event(Event.Level.INFO, "x").ratio("ebb", ratio));
        assertTrue(written().endsWith(" ebb=" + text + "\n"), written());
    }

    @Test
    void aNumberThatIsNoneIsLeftOut() {
        log("info", false).event(new Event(Event.Level.INFO, "x").ratio("ebb", Double.NaN).with("d", Double.POSITIVE_INFINITY).with("s", ""));
        assertTrue(written().endsWith(" x s=\"\"\n"), written());
    }

    @Test
    void nastyTextStaysOneLineAndOneValue() {
        log("info", false).event(new Event(Event.Level.INFO, "x").with("label", NASTY).with("load", 1));
        assertEquals(1, written().split("[\n\r\u0085\u2028\u2029\u000b\f]").length, written());
        assertTrue(written().endsWith(" x label=\"a b\\n[ebb] fake=\\\"x\\\"\\r\\t\\\\ \\u0000\\u001b[31m\\u0085\\u2028\\u2029\\u202e? é 😀\" load=1\n"), written());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"plain | plain", "a.b.C#m(int) | a.b.C#m(int)", "two words | \"two words\"", "k=v | \"k=v\"", "[x] | \"[x]\"", "a[0] | a[0]", "C:\\x | C:\\x"})
    void onlyWhatCouldMisleadIsQuoted(String value, String text) {
        log("info", false).event(new Event(Event.Level.INFO, "x").with("v", value));
        assertTrue(written().endsWith(" v=" + text + "\n"), written());
    }

    @Test
    void lists() {
        log("info", false).event(new Event(Event.Level.INFO, "x").with("a", List.of("t-1 at a.B", "c", "d; e")).with("b", List.of()));
        assertTrue(written().endsWith(" x a=[t-1 at a.B; c; \"d; e\"] b=[]\n"), written());
    }

    @ParameterizedTest
    @CsvSource({"debug, 4", "info, 3", "warn, 2", "error, 1", "INFO, 3"})
    void theLevelFilters(String level, int lines) {
        EventLog log = log(level, false);
        int expected = 0;
        for (Event.Level each : Event.Level.values()) {
            log.event(new Event(each, "x"));
            expected += log.writes(each) ? 1 : 0;
        }
        assertEquals(lines, written().lines().count(), written());
        assertEquals(lines, expected);
    }

    @Test
    void aFileIsAppendedToAndItsParentsAreMade() throws IOException {
        Path file = directory.resolve("logs/today/ebb.log");
        for (int run = 1; run <= 2; run++) {
            try (EventLog log = new EventLog("info", false, file.toString(), stderr)) {
                assertEquals(run == 2, Files.exists(file), "opened at the first event only");
                log.event(new Event(Event.Level.DEBUG, "hidden"));
                log.event(new Event(Event.Level.INFO, "é" + run));
                assertEquals(run, Files.readAllLines(file).size(), "each line is in the file at once");
            }
        }
        assertTrue(Files.readAllLines(file).get(1).endsWith(" INFO é2"));
        assertEquals("", written());
    }

    @Test
    void anEventAfterTheCloseOpensTheFileAgain() throws IOException {
        Path file = directory.resolve("ebb.log");
        EventLog log = new EventLog("info", false, file.toString(), stderr);
        log.event(new Event(Event.Level.INFO, "one"));
        log.close();
        log.close();
        log.event(new Event(Event.Level.INFO, "two"));
        assertEquals(2, Files.readAllLines(file).size());
        log.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileThatCannotBeOpenedIsReportedOnceAndStderrTakesItsPlace(boolean json) {
        EventLog log = new EventLog("error", json, directory.toString(), stderr);
        log.event(new Event(Event.Level.ERROR, "first"));
        log.event(new Event(Event.Level.ERROR, "second"));
        log.close();
        log.event(new Event(Event.Level.ERROR, "third"));
        List<String> lines = written().lines().toList();
        assertEquals(4, lines.size(), written());
        assertTrue(lines.get(0).contains("trouble") && lines.get(0).contains("log.file") && lines.get(0).contains("ebb.log.file") && lines.get(0).contains(directory.toString()), lines.get(0));
        assertTrue(lines.get(1).contains("first") && lines.get(2).contains("second") && lines.get(3).contains("third"), written());
    }

    @Test
    void aFullDiskLosesNoLine() {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")));
        EventLog log = new EventLog("info", false, "/dev/full", stderr);
        log.event(new Event(Event.Level.INFO, "first"));
        log.event(new Event(Event.Level.INFO, "second"));
        List<String> lines = written().lines().toList();
        assertEquals(3, lines.size(), written());
        assertTrue(lines.get(0).contains(" WARN trouble where=log.file cause="), lines.get(0));
        assertTrue(lines.get(1).endsWith("first") && lines.get(2).endsWith("second"), written());
        assertEquals(0, log.lostLines());
    }

    @Test
    void aLineIsOneWrite() {
        List<Integer> writes = new ArrayList<>();
        OutputStream counting = new OutputStream() {
            @Override
            public void write(int b) {
                writes.add(1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.add(length);
                stderr.write(bytes, offset, length);
            }
        };
        EventLog log = new EventLog("info", false, "", counting);
        log.event(new Event(Event.Level.INFO, "x").with("long", "y".repeat(100_000)));
        assertEquals(List.of(stderr.size()), writes);
    }

    @Test
    void whatNotEvenStderrTakesIsCounted() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("closed");
            }
        };
        EventLog log = new EventLog("info", false, "", broken);
        log.event(new Event(Event.Level.INFO, "x"));
        log.event(new Event(Event.Level.INFO, "y"));
        assertEquals(2, log.lostLines());
    }

    @Test
    void linesOfManyThreadsDoNotMix() throws InterruptedException {
        EventLog log = log("info", false);
        Thread[] threads = new Thread[4];
        Arrays.setAll(threads, i -> new Thread(() -> {
            for (int n = 0; n < 200; n++) {
                log.event(new Event(Event.Level.INFO, "x").with("v", String.valueOf(i).repeat(100)));
            }
        }));
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        List<String> lines = written().lines().toList();
        assertEquals(800, lines.size());
        assertFalse(lines.stream().anyMatch(line -> !line.matches("\\[ebb] \\S+ INFO x v=(0{100}|1{100}|2{100}|3{100})")));
    }

    private EventLog log(String level, boolean json) {
        return new EventLog(level, json, "", stderr);
    }

    private String written() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    private static String time(Event event) {
        // Instant leaves out zeros at the end, a log must not
        String text = Instant.ofEpochMilli(event.timeMillis()).toString();
        return text.length() == 20 ? text.replace("Z", ".000Z") : text;
    }
}
