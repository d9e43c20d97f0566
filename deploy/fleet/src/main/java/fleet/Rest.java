package fleet;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What the coordinator says of its workers and jobs, by Flink's REST interface. */
final class Rest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final String address;

    Rest(int port) {
        address = "http://127.0.0.1:" + port;
    }

    JsonObject get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("The coordinator answers " + path + " by " + answer.statusCode() + ": " + answer.body());
        }
        try {
            return JsonParser.object().from(answer.body());
        } catch (JsonParserException e) {
            throw new IOException("The coordinator answers " + path + " by no JSON: " + answer.body(), e);
        }
    }

    /** Workers that have registered and are not lost. */
    int workers() throws IOException, InterruptedException {
        return get("/taskmanagers").getArray("taskmanagers").size();
    }

    /** How often tasks of a job have been started again. */
    long restarts(String job) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/jobs/" + job + "/metrics?get=numRestarts")).timeout(PATIENCE).build();
        String body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        try {
            JsonArray metrics = JsonParser.array().from(body);
            return metrics.isEmpty() ? 0 : Long.parseLong(metrics.getObject(0).getString("value"));
        } catch (JsonParserException e) {
            throw new IOException("The coordinator tells no restarts: " + body, e);
        }
    }

    /** Checkpoints of a job that are in one of these states: {@code completed}, {@code failed}. */
    long checkpoints(String job, String state) throws IOException, InterruptedException {
        return get("/jobs/" + job + "/checkpoints").getObject("counts").getLong(state);
    }
}
