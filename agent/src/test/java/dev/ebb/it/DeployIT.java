package dev.ebb.it;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.ebb.start.Patient;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The rules and the dashboard in {@code deploy}, as promtool sees them, and against a real Prometheus that scrapes real JVMs in which loads have been rolled back. */
class DeployIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Path RULES = Path.of("../deploy/prometheus").toAbsolutePath().normalize();
    private static final Path DASHBOARD = Path.of("../deploy/grafana/ebb.json");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @BeforeEach
    void wantsPrometheus() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prometheus")) && Files.isExecutable(Path.of("/usr/bin/promtool")), "install the package prometheus for this test");
    }

    @Test
    void theRulesAreRightByTheirOwnTests() throws Exception {
        promtool("check", "config", RULES.resolve("prometheus.yml").toString());
        promtool("check", "rules", "--lint-fatal", RULES.resolve("ebb.rules.yml").toString());
        promtool("test", "rules", RULES.resolve("ebb.rules.test.yml").toString());
        String tests = Files.readString(RULES.resolve("ebb.rules.test.yml"));
        for (String line : Files.readAllLines(RULES.resolve("ebb.rules.yml"))) {
            if (line.trim().startsWith("- alert: ")) {
                String alert = line.trim().substring("- alert: ".length());
                assertTrue(tests.contains("alertname: " + alert + "\n"), alert + " is never seen to come");
                assertTrue(tests.contains("alertname: " + alert + ", exp_alerts: []}"), alert + " is never seen to stay away");
            }
        }
    }

    @Test
    void everyQueryIsAnsweredByWhatRealJvmsTell() throws Exception {
        Jdk jdk = Jdks.running();
        try (ForkedJvm one = rolledBack(jdk); ForkedJvm two = rolledBack(jdk)) {
            int port = freePort();
            Files.copy(RULES.resolve("ebb.rules.yml"), directory.resolve("ebb.rules.yml"));
            Files.writeString(directory.resolve("prometheus.yml"), "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [ebb.rules.yml]\nscrape_configs:\n"
                + "  - job_name: segments\n    static_configs:\n      - targets: ['127.0.0.1:" + port(one) + "', '127.0.0.1:" + port(two) + "']\n");
            Process prometheus = new ProcessBuilder("prometheus", "--config.file=" + directory.resolve("prometheus.yml"), "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port).redirectErrorStream(true).redirectOutput(directory.resolve("prometheus.log").toFile()).start();
            try {
                // a rollback that Prometheus sees happen: a counter's first value is no rise
                await(prometheus, port, "count(ebb_info{job=\"segments\"}) == 2");
                await(prometheus, port, "min(count_over_time(ebb_resident_bytes[1m])) > 3");
                one.send("timeout 30002016");
                one.awaitCount("\"event\":\"verdict\"", LIMIT, 2);
                await(prometheus, port, "ALERTS{alertname=\"EbbLoadsRolledBack\",alertstate=\"firing\"}");
                Map<String, String> queries = queries();
                assertTrue(queries.size() >= 35, "too few queries are found: " + queries.size());
                List<String> wrong = new ArrayList<>();
                for (Map.Entry<String, String> query : queries.entrySet()) {
                    String answer = answered(port, query.getValue());
                    if (result(answer).isEmpty()) {
                        wrong.add(query.getKey() + ": " + query.getValue() + " is answered by " + answer);
                    }
                }
                assertEquals(List.of(), wrong);
                assertRulesAreWell(port);
            } finally {
                prometheus.destroy();
                assertTrue(prometheus.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
            }
        }
    }

    /** A JVM with one load behind it that was rolled back and purged for. */
    private static ForkedJvm rolledBack(Jdk jdk) {
        ForkedJvm.Command command = Patient.command(jdk, "timeout 30002016", "load 1000", "read").option("-Debb.purge=on", "-Debb.purge.interval=0", "-Debb.http=0");
        ForkedJvm jvm = (jdk.feature() < 24 ? command : command.option("--enable-native-access=ALL-UNNAMED")).start();
        jvm.await("\"event\":\"verdict\"", LIMIT);
        return jvm;
    }

    /** Of each panel and variable of the dashboard and each recording rule, by where it stands; as Grafana would send it. Alerts ask for what should not be. */
    private static Map<String, String> queries() throws Exception {
        Map<String, String> queries = new LinkedHashMap<>();
        JsonObject dashboard = JsonParser.object().from(Files.readString(DASHBOARD));
        for (Object panel : dashboard.getArray("panels")) {
            JsonArray targets = ((JsonObject) panel).getArray("targets");
            for (int i = 0; targets != null && i < targets.size(); i++) {
                queries.put(((JsonObject) panel).getString("title") + " " + targets.getObject(i).getString("refId"), filled(targets.getObject(i).getString("expr")));
            }
        }
        for (Object variable : dashboard.getObject("templating").getArray("list")) {
            if ("query".equals(((JsonObject) variable).getString("type"))) {
                String definition = ((JsonObject) variable).getString("definition");
                assertTrue(definition.matches("label_values\\(.+, \\w+\\)"), definition);
                queries.put("variable " + ((JsonObject) variable).getString("name"), filled(definition.replaceAll("label_values\\((.+), (\\w+)\\)", "count by ($2) ($1)")));
            }
        }
        for (String line : Files.readAllLines(RULES.resolve("ebb.rules.yml"))) {
            if (line.trim().startsWith("- record: ")) {
                String record = line.trim().substring("- record: ".length());
                queries.put("rule " + record, record);
            }
        }
        return queries;
    }

    private static String filled(String query) {
        String filled = query.replace("$__rate_interval", "1m").replace("$job", ".*").replace("$instance", ".*");
        assertTrue(!filled.contains("$"), "a variable that is not known is in " + query);
        return filled;
    }

    private static void assertRulesAreWell(int port) throws Exception {
        JsonArray groups = JsonParser.object().from(get(port, "rules")).getObject("data").getArray("groups");
        assertEquals(2, groups.size());
        for (Object group : groups) {
            for (Object rule : ((JsonObject) group).getArray("rules")) {
                assertEquals("ok ", ((JsonObject) rule).getString("health") + " " + ((JsonObject) rule).getString("lastError", ""), () -> ((JsonObject) rule).getString("name"));
            }
        }
    }

    /** On a busy machine a JVM may miss the second that a scrape has: for as long all that it told is gone. An error is none of that, and comes back at once. */
    private static String answered(int port, String query) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        String answer = answer(port, query);
        while (result(answer).isEmpty() && answer.startsWith("{\"status\":\"success\"") && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(200);
            answer = answer(port, query);
        }
        return answer;
    }

    private static String answer(int port, String query) throws IOException, InterruptedException {
        return get(port, "query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    }

    private static String get(int port, String what) throws IOException, InterruptedException {
        HttpResponse<String> answer = CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + what)).build(), BodyHandlers.ofString());
        return answer.body();
    }

    private static JsonArray result(String answer) throws Exception {
        JsonObject data = answer.startsWith("{") ? JsonParser.object().from(answer).getObject("data") : null;
        return data == null ? new JsonArray() : data.getArray("result");
    }

    private void await(Process prometheus, int port, String query) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        String answer = "";
        while (System.nanoTime() - end < 0 && prometheus.isAlive()) {
            try {
                answer = answer(port, query);
                if (!result(answer).isEmpty()) {
                    return;
                }
            } catch (IOException notYetListening) {
                answer = notYetListening.toString();
            }
            // scrapes come once a second, and nothing tells of them
            TimeUnit.MILLISECONDS.sleep(200);
        }
        fail(query + " is not answered but by " + answer + "\n" + Files.readString(directory.resolve("prometheus.log")));
    }

    private static int port(ForkedJvm jvm) {
        return Integer.parseInt(jvm.await("\"event\":\"http.listening\",\"address\":\"127.0.0.1:(\\d+)\"", LIMIT).group(1));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("promtool.out");
        int exit = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start().waitFor();
        assertEquals(0, exit, Files.readString(out));
    }
}
