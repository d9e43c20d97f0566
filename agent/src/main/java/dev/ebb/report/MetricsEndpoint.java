package dev.ebb.report;

import dev.ebb.load.Trouble;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers {@code GET /metrics}, one request at a time and one for a connection. On a thread of its own. The JDK's HttpServer is not used: it starts the logging of the program, and may be missing
 * in a run-time image.
 *
 * <p>A page of another site that has its name point to this machine could have a browser ask here. So the loopback interface answers only to who calls it by an address, by {@code localhost}, or by the name
 * in {@code ebb.http}.
 */
public final class MetricsEndpoint implements Runnable, AutoCloseable {
    private static final int BACKLOG = 16;
    private static final int READ_MILLIS = 1_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** More than an answer has: the kernel takes it whole, and a client that does not read stops nobody. */
    private static final int SEND_BYTES = 1 << 18;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final ServerSocket socket;
    private final String host;
    private final Metrics metrics;
    private final Trouble trouble;

    private MetricsEndpoint(ServerSocket socket, String host, Metrics metrics, Trouble trouble) {
        this.socket = socket;
        this.host = host.toLowerCase(Locale.ROOT);
        this.metrics = metrics;
        this.trouble = trouble;
    }

    /** @param host a name or an address of this machine @param port 0 for any */
    public static MetricsEndpoint open(String host, int port, Metrics metrics, Trouble trouble) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port), BACKLOG);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        return new MetricsEndpoint(socket, host, metrics, trouble);
    }

    /** As {@code 127.0.0.1:9404}. */
    public String address() {
        String text = socket.getInetAddress().getHostAddress();
        return (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + socket.getLocalPort();
    }

    /** Until it is closed. */
    @Override
    public void run() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                serve(client);
            } catch (IOException e) {
                // the client has gone, the endpoint is closed, or there are no descriptors left: that is not to be asked for in a loop
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (RuntimeException | Error e) {
                trouble.report("http", e, "nobody is answered for now");
            }
        }
    }

    private void serve(Socket client) throws IOException {
        client.setSoTimeout(READ_MILLIS);
        client.setSendBufferSize(SEND_BYTES);
        HttpRequest request = HttpRequest.read(client.getInputStream());
        if (request == null) {
            answer(client, "400 Bad Request", "no request that Ebb understands\n");
        } else if (!mayAsk(request.host())) {
            answer(client, "403 Forbidden", "ebb.http answers on the loopback interface to localhost, 127.0.0.1, [::1], and the host that it was given\n");
        } else if (!request.method().equals("GET")) {
            answer(client, "405 Method Not Allowed", "only GET\n");
        } else if (!request.path().equals("/metrics")) {
            answer(client, "404 Not Found", "the metrics are at /metrics\n");
        } else {
            answer(client, "200 OK", Metrics.CONTENT_TYPE, metrics.text());
        }
    }

    private boolean mayAsk(String called) {
        return called != null && (!socket.getInetAddress().isLoopbackAddress() || LOOPBACK.contains(called) || called.equals(host) || called.equals("[" + host + "]"));
    }

    private static void answer(Socket client, String status, String text) throws IOException {
        answer(client, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(Socket client, String status, String type, byte[] body) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
            + "\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n";
        OutputStream out = client.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
        client.shutdownOutput();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            trouble.report("http", e, null);
        }
    }
}
