package dev.ebb.it;

import com.sun.net.httpserver.HttpServer;
import dev.ebb.start.Patient;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.MavenJars;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Who pushes: OpenTelemetry's agent beside Ebb reads its MBean by deploy/otel/jmx.yml, and its own exporter sends that by OTLP; what arrives is what has happened. */
class OtlpIT {
    private static final Path RULES = Path.of("../deploy/otel/jmx.yml");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    static List<Jdk> jdks() {
        return Jdks.inTurn(0);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatIsPushedIsWhatHasHappened(Jdk jdk) throws Exception {
        Optional<Path> otel = MavenJars.jar("io.opentelemetry.javaagent", "opentelemetry-javaagent", "2.21.0", "");
        assumeTrue(otel.isPresent(), "was not fetched: OpenTelemetry");
        BlockingQueue<Map<String, Long>> pushed = new LinkedBlockingQueue<>();
        HttpServer receiver = receiver(pushed);
        ForkedJvm.Command command = Patient.command(jdk, "load 20000", "give-up 30002016", "read").option("-Xmx200m", "-javaagent:" + otel.orElseThrow(), "-Dotel.jmx.config=" + RULES.toRealPath())
            .option("-Dotel.exporter.otlp.endpoint=http://127.0.0.1:" + receiver.getAddress().getPort(), "-Dotel.exporter.otlp.protocol=http/protobuf", "-Dotel.metric.export.interval=500")
            .option("-Dotel.traces.exporter=none", "-Dotel.logs.exporter=none");
        try (ForkedJvm jvm = command.start()) {
            jvm.await("\"event\":\"verdict\".*\"verdict\":\"returned\"", LIMIT);
            Map<String, Long> last = awaitRollback(pushed, jvm);
            assertEquals(Map.ofEntries(Map.entry("ebb.loads completed", 1L), Map.entry("ebb.loads failed", 0L), Map.entry("ebb.loads timed-out", 0L), Map.entry("ebb.loads abandoned", 1L),
                Map.entry("ebb.rollbacks", 1L), Map.entry("ebb.purges", 0L), Map.entry("ebb.troubles", 0L), Map.entry("ebb.open_loads", 0L), Map.entry("ebb.holding_loads", 1L),
                Map.entry("ebb.held direct", 20_000L), Map.entry("ebb.held mapped", 0L), Map.entry("ebb.held foreign", 0L), Map.entry("ebb.held unsafe", 0L), Map.entry("ebb.held_files", 0L)), last);
            jvm.send("exit 0");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("did not end well").getMessage());
        } finally {
            receiver.stop(0);
        }
    }

    private static Map<String, Long> awaitRollback(BlockingQueue<Map<String, Long>> pushed, ForkedJvm jvm) throws InterruptedException {
        Map<String, Long> last = Map.of();
        while (last.getOrDefault("ebb.rollbacks", 0L) == 0) {
            last = pushed.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(last, () -> jvm.failure("nothing of Ebb was pushed").getMessage());
        }
        return last;
    }

    /** What speaks OTLP over HTTP, as a collector does. @param pushed gets the figures of Ebb of each push that has some */
    private static HttpServer receiver(BlockingQueue<Map<String, Long>> pushed) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/metrics", exchange -> {
            Map<String, Long> figures = figures(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
            if (!figures.isEmpty()) {
                pushed.add(figures);
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static Map<String, Long> figures(ExportMetricsServiceRequest request) {
        Map<String, Long> figures = new TreeMap<>();
        for (ResourceMetrics resource : request.getResourceMetricsList()) {
            for (ScopeMetrics scope : resource.getScopeMetricsList()) {
                for (Metric metric : scope.getMetricsList()) {
                    for (NumberDataPoint point : metric.getName().startsWith("ebb.") ? metric.getSum().getDataPointsList() : List.<NumberDataPoint>of()) {
                        String label = point.getAttributesCount() == 0 ? "" : " " + point.getAttributes(0).getValue().getStringValue();
                        figures.put(metric.getName() + label, point.getAsInt());
                    }
                }
            }
        }
        return figures;
    }
}
