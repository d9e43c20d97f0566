package scenario;

import com.sun.net.httpserver.HttpServer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/** Good loads that bring something in through the JDK's client, which the first one makes for all: it has a thread that waits for what comes, and a pool. */
public final class Downloads {
    private static HttpClient client;

    private Downloads() { }

    /** @param args a file that is not there yet */
    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 4_321);
            exchange.getResponseBody().write(new byte[4_321]);
            exchange.close();
        });
        server.start();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/")).build();
        Recording.load("first", () -> {
            client = HttpClient.newHttpClient();
            Files.copy(client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(), Path.of(args[0]));
        });
        Recording.load("again", () -> Kept.direct(client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body().length));
        System.in.read();
        server.stop(0);
        System.out.println("done");
        System.exit(0);
    }
}
