package dev.ebb.it;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.ebb.start.Patient;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Commanded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Metrics over HTTP, as a client, {@code promtool} and a Prometheus see them. */
class MetricsIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void tellsWhatTheDocumentationNames(Jdk jdk) throws Exception {
        try (ForkedJvm jvm = start(jdk, "0")) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("load");
            jvm.send("stay");
            jvm.await("^done stay$", LIMIT);
            log.await("load.completed", "3000004");
            int port = port(jvm);
            String text = scrape(port);
            for (String line : List.of("ebb_loads_total{outcome=\"completed\"} 1.0", "ebb_loads_total{outcome=\"timed-out\"} 0.0", "ebb_held_bytes{kind=\"direct\"} 3000004.0",
                "ebb_open_loads 1.0", "ebb_mode{mode=\"rollback\"} 1.0", "ebb_load_duration_seconds_count 1", "ebb_troubles_total 0.0")) {
                assertTrue(text.contains("\n" + line + "\n"), () -> line + " is not in " + text);
            }
            assertTrue(text.contains("\nebb_load_off_heap_bytes{quantile=\"0.5\"} 3000004.0\n") || text.contains("\nebb_load_off_heap_bytes{quantile=\"0.5\"} 3000004\n"), text);
            Set<String> documented = matches("(?m)^\\| `(ebb_\\w+)` \\| (\\w+) ", Files.readString(Path.of("../docs/metrics.md")));
            Set<String> told = matches("(?m)^# TYPE (\\w+) (\\w+)$", text);
            // where no library could be loaded without a warning, no allocator tells
            told.addAll(List.of("ebb_allocator_allocated_bytes gauge", "ebb_allocator_cached_bytes gauge"));
            assertEquals(documented, told);
            Set<String> labels = matches("(?m)^(ebb_\\w+)\\{(\\w+)=", text.replaceAll("_(sum|count) ", " "));
            Set<String> saidLabels = matches("(?m)^\\| `(ebb_\\w+)` \\| \\w+ \\| `(\\w+)`", Files.readString(Path.of("../docs/metrics.md")));
            saidLabels.removeIf(one -> one.startsWith("ebb_allocator_") || one.endsWith(" quantile"));
            labels.removeIf(one -> one.startsWith("ebb_allocator_") || one.endsWith(" quantile"));
            assertEquals(saidLabels, labels);
            check(text);

            assertEquals("HTTP/1.1 200 OK", status(port, "GET /metrics?x=y HTTP/1.1\r\nhOST: LOCALHOST:1\r\n\r\n"));
            assertEquals("HTTP/1.1 200 OK", status(port, "GET /metrics HTTP/1.1\r\nHost: [::1]\r\n\r\n"));
            assertEquals("HTTP/1.1 403 Forbidden", status(port, "GET /metrics HTTP/1.1\r\nHost: rebound.example\r\n\r\n"));
            assertEquals("HTTP/1.1 403 Forbidden", status(port, "GET /metrics HTTP/1.0\r\n\r\n"));
            assertEquals("HTTP/1.1 403 Forbidden", status(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: rebound.example\r\n\r\n"));
            assertEquals("HTTP/1.1 404 Not Found", status(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            assertEquals("HTTP/1.1 405 Method Not Allowed", status(port, "POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            assertEquals("HTTP/1.1 400 Bad Request", status(port, "hello\r\n\r\n"));
            assertEquals("HTTP/1.1 400 Bad Request", status(port, "GET /" + "x".repeat(8186) + " "));
            // one that says nothing is left
            try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertTrue(scrape(port).contains("\nebb_info{version="));
                assertTrue(silent.isConnected());
            }
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT));
            assertEquals(List.of(), log.events("trouble"));
        }
    }

    /** A fleet's Prometheus is not filled by names of segments: the figure stands in docs/fleet.md. */
    @Test
    void seriesDoNotGrowWithWhatIsLoaded() throws Exception {
        Jdk jdk = Jdks.running();
        ForkedJvm.Command command = Patient.command(jdk, "timeout 30002016", "read").option("-Debb.loads=patient.Loader#load* as segment-{0}", "-Debb.purge=on", "-Debb.http=0");
        try (ForkedJvm jvm = (jdk.feature() < 24 ? command : command.option("--enable-native-access=ALL-UNNAMED")).start()) {
            jvm.await("\"event\":\"verdict\"", LIMIT);
            int port = port(jvm);
            Set<String> before = matches("(?m)^(ebb_\\w+(?:\\{[^}]*})?)( )", scrape(port));
            for (int i = 0; i < 30; i++) {
                jvm.send("load " + (1000 + i));
            }
            new EbbLog(jvm).await("load.completed", "segment-1029");
            String text = scrape(port);
            assertTrue(text.contains("\nebb_loads_total{outcome=\"completed\"} 30.0\n"), text);
            assertEquals(before, matches("(?m)^(ebb_\\w+(?:\\{[^}]*})?)( )", text));
            assertTrue(Files.readString(Path.of("../docs/fleet.md")).contains(" has " + before.size() + " series "), () -> "docs/fleet.md should say that a JVM has " + before.size() + " series");
        }
    }

    /** The program goes on if the port is somebody's. */
    @Test
    void aPortThatIsTakenIsSaid() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); ForkedJvm jvm = start(Jdks.running(), Integer.toString(taken.getLocalPort()))) {
            assertTrue(jvm.await("\"event\":\"trouble\",\"where\":\"http\".*", LIMIT).group().contains("give ebb.http an address of this machine and a port that is free"));
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT));
        }
    }

    @Test
    void aPrometheusScrapesTwoProcesses() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prometheus")), "install the package prometheus for this test");
        Jdk newest = Jdks.all().get(Jdks.all().size() - 1);
        try (ForkedJvm one = start(Jdks.running(), "0"); ForkedJvm two = start(newest, "localhost:0")) {
            for (ForkedJvm jvm : List.of(one, two)) {
                jvm.send("load");
                new EbbLog(jvm).await("load.completed", "3000004");
            }
            two.send("load");
            new EbbLog(two).awaitCount("load.completed", "3000004", "", 2);
            Files.writeString(directory.resolve("prometheus.yml"), "scrape_configs:\n  - job_name: ebb\n    scrape_interval: 1s\n    static_configs:\n      - targets: ['127.0.0.1:" + port(one)
                + "', 'localhost:" + port(two) + "']\n");
            int port = freePort();
            Process prometheus = new ProcessBuilder("prometheus", "--config.file=" + directory.resolve("prometheus.yml"), "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port).redirectErrorStream(true).redirectOutput(directory.resolve("prometheus.log").toFile()).start();
            try {
                awaitAnswer(prometheus, port, "sum(ebb_loads_total{job=\"ebb\",outcome=\"completed\"})", "3");
                awaitAnswer(prometheus, port, "count(up{job=\"ebb\"} == 1)", "2");
                awaitAnswer(prometheus, port, "sum(ebb_held_bytes{kind=\"direct\"})", "9000012");
            } finally {
                prometheus.destroy();
                assertTrue(prometheus.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
            }
        }
    }

    private static ForkedJvm start(Jdk jdk, String address) {
        return AgentJvm.command(jdk, Commanded.class, "scenario.Commanded#load as {0};scenario.Commanded#stay").option("-Debb.http=" + address).start();
    }

    private static int port(ForkedJvm jvm) {
        return Integer.parseInt(jvm.await("\"event\":\"http.listening\",\"address\":\"127.0.0.1:(\\d+)\"", LIMIT).group(1));
    }

    private static String scrape(int port) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build(), BodyHandlers.ofString()).body();
    }

    private static String status(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\r\n")[0];
        }
    }

    private static Set<String> matches(String regex, String text) {
        Set<String> found = new TreeSet<>();
        for (Matcher matcher = Pattern.compile(regex).matcher(text); matcher.find();) {
            found.add(matcher.group(1) + " " + matcher.group(2));
        }
        return found;
    }

    private void check(String text) throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/promtool"))) {
            System.err.println("install the package prometheus to have promtool check the metrics");
            return;
        }
        Path metrics = Files.writeString(directory.resolve("metrics.txt"), text);
        Path out = directory.resolve("promtool.out");
        int exit = new ProcessBuilder("promtool", "check", "metrics").redirectInput(metrics.toFile()).redirectErrorStream(true).redirectOutput(out.toFile()).start().waitFor();
        assertEquals("0 ", exit + " " + Files.readString(out));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitAnswer(Process prometheus, int port, String query, String value) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        String answer = "";
        while (System.nanoTime() - end < 0 && prometheus.isAlive()) {
            try {
                URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
                answer = CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
                if (value(answer).equals(value)) {
                    return;
                }
            } catch (IOException notYetListening) {
                answer = notYetListening.toString();
            }
            // scrapes come once a second, and nothing tells of them
            TimeUnit.MILLISECONDS.sleep(200);
        }
        fail(query + " is not " + value + " but " + answer + "\n" + Files.readString(directory.resolve("prometheus.log")));
    }

    private static String value(String answer) throws Exception {
        if (!answer.startsWith("{")) {
            return "";
        }
        JsonObject data = JsonParser.object().from(answer).getObject("data");
        JsonArray result = data == null ? new JsonArray() : data.getArray("result");
        return result.isEmpty() ? "" : result.getObject(0).getArray("value").getString(1);
    }
}
