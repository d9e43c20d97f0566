package fleet;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Prometheus that scrapes all workers, with the rules of {@code deploy/prometheus}. */
final class View implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final Jvm prometheus;

    private View(Path directory, Path rules, Map<String, String> addresses) throws IOException {
        Files.createDirectories(directory);
        Files.copy(rules, directory.resolve("ebb.rules.yml"));
        // each worker by its name, in place of an address that differs from run to run
        String targets = addresses.entrySet().stream().map(one -> "      - targets: ['" + one.getValue() + "']\n        labels: {instance: " + one.getKey() + "}\n").collect(Collectors.joining());
        Files.writeString(directory.resolve("prometheus.yml"), "global: {scrape_interval: 2s, evaluation_interval: 2s}\nrule_files: [ebb.rules.yml]\nscrape_configs:\n  - job_name: segments\n    static_configs:\n"
            + targets);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        prometheus = new Jvm("prometheus", List.of("prometheus", "--config.file=" + directory.resolve("prometheus.yml"), "--storage.tsdb.path=" + directory.resolve("data"), "--web.listen-address=127.0.0.1:" + port),
            Map.of(), directory);
    }

    /** @param addresses of the workers, by their names; empty if there is no Prometheus on this machine */
    static Optional<View> start(Path directory, Path rules, Map<String, String> addresses) throws IOException, InterruptedException {
        boolean installed = Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).anyMatch(place -> Files.isExecutable(Path.of(place, "prometheus")));
        if (!installed) {
            System.err.println("There is no Prometheus; install the package prometheus to have it scrape the workers.");
            return Optional.empty();
        }
        View view = new View(directory, rules, addresses);
        try {
            Patience.until("Prometheus has all workers", 120, () -> view.prometheus.isAlive() && view.sees(addresses.size()));
            return Optional.of(view);
        } catch (IOException | InterruptedException e) {
            view.close();
            throw e;
        }
    }

    private boolean sees(int workers) throws InterruptedException {
        try {
            return !query("count(ebb_info) == " + workers).isEmpty();
        } catch (IOException e) {
            // it does not listen yet
            return false;
        }
    }

    /** What it saw of each worker, and which alerts came, in lines. */
    List<String> lines() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Object one : query("sort_desc(sum by (instance) (last_over_time(ebb_rollback_duration_seconds_count[5m])))")) {
            JsonObject sample = (JsonObject) one;
            lines.add("Prometheus: " + sample.getObject("metric").getString("instance") + " has rolled back " + sample.getArray("value").getString(1) + " loads");
        }
        for (Object one : query("max_over_time(ALERTS{alertstate=\"firing\"}[1h])")) {
            JsonObject metric = ((JsonObject) one).getObject("metric");
            lines.add("Prometheus: alert " + metric.getString("alertname") + " for " + metric.getString("instance", "all") + (metric.has("verdict") ? ", " + metric.getString("verdict") : ""));
        }
        return lines;
    }

    private JsonArray query(String query) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        String answer = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
        try {
            return JsonParser.object().from(answer).getObject("data").getArray("result");
        } catch (JsonParserException | NullPointerException e) {
            throw new IOException("Prometheus answers " + query + " by " + answer, e);
        }
    }

    @Override
    public void close() {
        prometheus.close();
    }
}
