package fleet;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the agent is added to workers, and what it has logged there. */
final class EbbLogs {
    private final Path directory;

    EbbLogs(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /**
     * The environment of a worker, as an operator sets it who has no hand in Flink's command lines and knows the job: nobody asks again for a load that has timed out, a loaded segment is handed to
     * its caller alone, and what a load has opened is lost if it is ended on its way.
     *
     * @param segments what loads write is below it
     */
    Map<String, String> environment(Path agent, Path segments) {
        return Map.of("JAVA_TOOL_OPTIONS", "-javaagent:" + agent, "EBB_LOADS", "fleet.jobs.SegmentLoader#load as {0}", "EBB_ABANDON", "eager",
            "EBB_CLOSE", "fleet.jobs.SegmentLoader#load => close() unpublished", "EBB_TRACK", "org.rocksdb.Options,org.rocksdb.LRUCache", "EBB_FILES", segments.toString(),
            "EBB_HTTP", "127.0.0.1:0", "EBB_LOG_FORMAT", "json", "EBB_LOG_FILE", directory.resolve("%WORKER%.log").toString());
    }

    /** Where a worker's metrics are, once that is told. */
    String metricsAddress(String worker) throws IOException, InterruptedException {
        Patience.until(worker + " tells where its metrics are", 120, () -> !events(worker, "http.listening").isEmpty());
        return events(worker, "http.listening").get(0).getString("address");
    }

    List<JsonObject> events(String worker, String event) throws IOException {
        List<JsonObject> events = new ArrayList<>();
        Path file = directory.resolve(worker + ".log");
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                try {
                    JsonObject one = JsonParser.object().from(line);
                    if (event.equals(one.getString("event"))) {
                        events.add(one);
                    }
                } catch (JsonParserException e) {
                    throw new IOException("The log of " + worker + " has a line that is no JSON: " + line, e);
                }
            }
        }
        return events;
    }
}
