package fleet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Where segments come from: {@code GET /WORKER/SEGMENT/} lists its files, {@code GET /WORKER/SEGMENT/FILE} sends one, as fast as is set for that worker. Listens on loopback only. */
final class ObjectStore implements AutoCloseable {
    private static final int CHUNK = 64 << 10;

    private final Path segments;
    private final Map<String, Long> bytesPerSecond = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    /** @param segments a directory for each segment */
    ObjectStore(Path segments) throws IOException {
        this.segments = segments;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** From now on, also for what is being sent. @param rate bytes a second, 0 for as fast as can be */
    void throttle(String worker, long rate) {
        bytesPerSecond.put(worker, rate);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/", -1);
            Path what = path.length == 4 ? segments.resolve(path[2]).resolve(path[3]).normalize() : segments;
            if (!what.startsWith(segments) || path.length != 4 || !Files.exists(what)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (path[3].isEmpty()) {
                byte[] names = names(what).getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, names.length);
                exchange.getResponseBody().write(names);
            } else {
                exchange.sendResponseHeaders(200, Files.size(what));
                send(what, exchange.getResponseBody(), path[1]);
            }
        }
    }

    private static String names(Path directory) throws IOException {
        StringBuilder names = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            files.sorted().forEach(file -> names.append(file.getFileName()).append('\n'));
        }
        return names.toString();
    }

    private void send(Path file, OutputStream out, String worker) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
                long rate = bytesPerSecond.getOrDefault(worker, 0L);
                if (rate > 0) {
                    Thread.sleep(n * 1000L / rate);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The store is closing", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
