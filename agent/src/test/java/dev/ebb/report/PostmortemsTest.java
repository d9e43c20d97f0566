package dev.ebb.report;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.Purged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What is written for a load with a verdict, what hostile names do to it, and how a browser shows it. */
class PostmortemsTest {
    private static final String HOSTILE = "</script><script>document.title='owned'</script>\"'&<b><img src=x onerror=alert(1)>\u202e\u2028\ud83d\ude00\udb40\udc41\u0000";
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    @TempDir
    private Path directory;
    private final List<String> troubles = new ArrayList<>();

    private Postmortems postmortems(Path where, int keep, long bytes) {
        Postmortems.Surroundings surroundings = new Postmortems.Surroundings(List::of, () -> new Purged("jemalloc 5.3.0", "", 0, 0, 40 << 20, 8 << 20, 0, 0, "", List.of()), () -> null,
            List.<String[]>of(new String[] {"ebb.loads", HOSTILE, "system property"}), "test", () -> { });
        return new Postmortems(event -> { }, surroundings, where.toString(), keep, bytes, (place, cause, remedy) -> troubles.add(place + cause.getMessage()));
    }

    private static Event event(String name, long load) {
        return new Event(Level.INFO, name).with("load", load).with("label", HOSTILE).with("method", "com.acme.Loader#load");
    }

    private static void tell(Postmortems reports, long load) {
        reports.event(event("load.completed", 99).with("durationMs", 40L).bytes("directBytes", 1 << 20).bytes("rssBeforeBytes", 1 << 24).bytes("rssPeakBytes", 1 << 25));
        long began = System.currentTimeMillis() - 400;
        for (int i = 0; i < 50; i++) {
            reports.sampled(began + i * 10, (200L + i) << 20, 50L << 20);
        }
        reports.event(event("load.timed-out", load).with("outcome", "timed-out").with("durationMs", 400L).bytes("rssBeforeBytes", 1 << 24).bytes("rssPeakBytes", 1 << 28));
        reports.event(event("rollback.step", load).with("step", "wait").with("waitedMs", 2002L));
        reports.event(event("rollback.step", load).with("step", "close").bytes("diskBytes", 1 << 20).bytes("returnedBytes", 150L << 20).with("tookMs", 30L).with("closed", 3L));
        reports.event(event("verdict", load).with("verdict", "held-by-thread").with("outcome", "timed-out").bytes("rssAfterBytes", 1 << 25).ratio("ebb", 0.9546081)
            .with("rollbackMs", 77L).with("holders", List.of("thread " + HOSTILE + " RUNNABLE at com.acme.A.b(A.java:1) < com.acme.C.d(C.java:2)",
                "static com.acme.R.S -> Map.table -> " + HOSTILE)));
        reports.finish(TimeUnit.SECONDS.toMillis(60));
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("ebb-.*" + ending)).sorted().toList();
        }
    }

    @Test
    void writesPageTwinHistogramsAndIndex() throws Exception {
        tell(postmortems(directory, 10, 1 << 26), 7);
        assertEquals(List.of(), troubles);
        JsonObject twin = JsonParser.object().from(Files.readString(files("\\.json").get(0)));
        String docs = Files.readString(Path.of("..", "docs", "reports.md"));
        twin.keySet().forEach(key -> assertTrue(docs.contains("`" + key + "`"), () -> key + " is not in docs/reports.md"));
        assertEquals(HOSTILE, twin.getObject("summary").getString("label"));
        assertEquals("held-by-thread", twin.getArray("events").getObject(3).getString("verdict"));
        assertTrue(twin.getObject("samples").getArray("rssBytes").size() > 0);
        assertEquals(40 << 20, twin.getObject("samples").getArray("allocatorLiveBytes").getLong(0));
        assertEquals(48 << 20, twin.getObject("samples").getArray("allocatorResidentBytes").getLong(0));
        String page = Files.readString(files("\\.html").get(0));
        String tables = page.substring(0, page.indexOf("<h2>Log</h2>"));
        assertTrue(tables.contains(">0.955<") && !tables.contains("0.9546"), "figures are for people");
        assertTrue(tables.contains("disk=1.0MiB") && !tables.contains("1048576"), "as in a log of texts");
        assertTrue(tables.contains("wait, 2002 ms, "), "how long was waited is what the rung took");
        String index = Files.readString(directory.resolve("index.html"));
        for (String html : List.of(page, index)) {
            assertFalse(html.contains("</script><script>document"), "a label ends the script");
            assertFalse(html.contains("<b>") || html.contains("<img"), "a label is markup");
            String shown = html.replaceFirst("(?s)<script type=\"application/json\".*?</script>", "");
            assertFalse(shown.contains("\u202e") || shown.contains("\udb40\udc41") || shown.contains("\u0000"), "a label turns the direction of writing, or hides something");
        }
        assertTrue(index.contains(files("\\.html").get(0).getFileName().toString()));
        assertTrue(page.contains("Copyright (c) 2022 Leon Sorokin"), "the notice of the library is kept");
        assertFalse(page.matches("(?s).*(src|href)=\"(?!ebb-|index).*"), "asks for something else than pages beside it");
    }

    @Test
    void halfOfASurrogatePairCostsNoReport() throws Exception {
        Postmortems reports = postmortems(directory, 10, 1 << 26);
        reports.event(new Event(Level.INFO, "verdict").with("load", 3L).with("label", "half \ud83d").with("method", "a.B#c").with("verdict", "returned"));
        reports.finish(TimeUnit.SECONDS.toMillis(60));
        assertEquals(List.of(), troubles);
        assertEquals("half ?", JsonParser.object().from(Files.readString(files("\\.json").get(0))).getObject("summary").getString("label"));
        assertTrue(Files.readString(files("\\.html").get(0)).contains("half \\ud83d"));
    }

    @Test
    void histogramsAreReadByTheirOwnReader() throws Exception {
        tell(postmortems(directory, 10, 1 << 26), 7);
        List<String> seen = new ArrayList<>();
        HistogramLogReader reader = new HistogramLogReader(files("\\.hlog").get(0).toFile());
        for (EncodableHistogram histogram = reader.nextIntervalHistogram(); histogram != null; histogram = reader.nextIntervalHistogram()) {
            long max = ((Histogram) histogram).getMaxValue();
            seen.add(histogram.getTag() + " " + ((Histogram) histogram).getTotalCount() + " " + max / 1000);
        }
        reader.close();
        assertEquals(List.of("load.com.acme.Loader#load 1 40", "rollback.com.acme.Loader#load 1 77"), seen);
    }

    @Test
    void theOldestGo() throws Exception {
        Postmortems reports = postmortems(directory, 2, 1 << 26);
        Path strange = Files.writeString(directory.resolve("ebb-mine.html"), "not Ebb's");
        for (long load = 1; load <= 4; load++) {
            tell(reports, load);
        }
        assertEquals(3, files("\\.html").size(), "two, and the one that is not ours");
        assertTrue(Files.exists(strange));
        tell(postmortems(directory, 100, 1), 5);
        assertEquals(1, files("-5\\.html").size(), "the newest stays whatever its size");
        assertEquals(2, files("\\.html").size());
    }

    @Test
    void aDirectoryThatIsNoneIsTroubleAndNoMore() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        tell(postmortems(file.resolve("below"), 10, 1 << 26), 7);
        assertEquals(1, troubles.size(), troubles::toString);
        assertTrue(troubles.get(0).contains("no report could be written"), troubles::toString);
    }

    @Test
    void manyDaysAreNoMoreThanSomeHundredSamples() {
        Timeline timeline = new Timeline();
        for (long i = 0; i < 200_000; i++) {
            timeline.add(new Timeline.Sample(i * 10, i == 77_777 ? 1000 : i % 100, 0, 0, 0, 0, 0, 0, 0));
        }
        List<Timeline.Sample> all = timeline.since(0);
        assertTrue(all.size() <= 600 && all.size() > 100, () -> all.size() + " samples");
        assertEquals(1000, all.stream().mapToLong(Timeline.Sample::rss).max().orElse(0), "the peak is kept");
        assertEquals(101, timeline.since(1_998_990).size(), "the last second is as fine as it was sampled");
    }

    /** In a real browser: the chart is drawn, nothing foreign has run, and no page is wider than a telephone. Screenshots stay in target/pages to be looked at. */
    @Test
    void aBrowserShowsIt() throws Exception {
        assumeTrue(Files.isExecutable(CHROMIUM), "chromium is not installed: pages are not tried in a browser");
        tell(postmortems(directory, 10, 1 << 26), 7);
        Path page = files("\\.html").get(0);
        Path pages = Files.createDirectories(Path.of("target", "pages").toAbsolutePath());
        String dom = chromium(page, "--window-size=360,800", "--dump-dom");
        assertTrue(dom.contains("data-drawn=\"8\"") && dom.contains("<canvas"), () -> "not drawn: " + dom.substring(dom.length() - 500));
        assertFalse(dom.contains("<title>owned"), "a label was run");
        // the chart and the table of marks count from the same moment
        Path begun = Files.writeString(directory.resolve("begun.html"), Files.readString(page).replace("\"marks\":[", "\"marks\":[{\"millis\":1234567,\"what\":\"load begins\"},"));
        assertTrue(chromium(begun, "--dump-dom").contains("data-zero=\"1234567\""), "counts from the first sample");
        for (String width : List.of("500", "1200")) {
            for (String scheme : List.of("light", "dark")) {
                Path picture = pages.resolve("postmortem-" + width + "-" + scheme + ".png");
                Files.deleteIfExists(picture);
                chromium(page, "--window-size=" + width + ",2600", "--screenshot=" + picture, "--blink-settings=preferredColorScheme=" + (scheme.equals("dark") ? 0 : 1));
                assertTrue(Files.size(picture) > 10_000, picture + " is empty");
            }
        }
        // a frame can be as narrow as a telephone where a window of the browser cannot
        Path frame = Files.writeString(directory.resolve("frame.html"), "<!DOCTYPE html><meta charset=utf-8><iframe width=360 height=2000 style='border:0' src='" + page.getFileName()
            + "'></iframe>");
        chromium(frame, "--window-size=500,2100", "--screenshot=" + pages.resolve("postmortem-360.png"));
        String probe = Files.readString(page).replaceFirst("script-src [^;]*;", "script-src 'unsafe-inline';").replace("</body>",
            "<script>document.body.setAttribute('data-wide', document.documentElement.scrollWidth > 360)</script></body>");
        Files.writeString(directory.resolve("probe.html"), probe);
        Path outer = Files.writeString(directory.resolve("outer.html"), "<!DOCTYPE html><meta charset=utf-8><iframe id=f width=360 height=2000 style='border:0' src='probe.html'></iframe>"
            + "<script>onload=function(){document.title=document.getElementById('f').contentDocument.body.getAttribute('data-wide')}</script>");
        assertTrue(chromium(outer, "--allow-file-access-from-files", "--dump-dom").contains("<title>false</title>"), "wider than 360 px");
    }

    private String chromium(Path page, String... how) throws Exception {
        List<String> command = new ArrayList<>(List.of(CHROMIUM.toString(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--user-data-dir=" + directory.resolve("profile")));
        command.addAll(List.of(how));
        command.add(page.toUri().toString());
        Path out = directory.resolve("dom");
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).redirectOutput(out.toFile()).start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), "chromium does not end");
            return Files.readString(out);
        } finally {
            process.destroyForcibly();
        }
    }
}
