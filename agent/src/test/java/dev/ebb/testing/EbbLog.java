package dev.ebb.testing;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The log of an Ebb in a forked JVM, one JSON object a line on stderr. Loads are told apart by their label. Whatever else stands on stderr is an error:
 * neither Ebb nor the JVM because of it may write there. Safe for any thread.
 */
public final class EbbLog {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    private final ForkedJvm jvm;

    public EbbLog(ForkedJvm jvm) {
        this.jvm = jvm;
    }

    /** Waits for the first event of this name about a load with this label. */
    public JsonObject await(String event, String label) {
        return await(event, label, "");
    }

    /** @param rest regular expression for what follows the label in the line; the start of it is enough */
    public JsonObject await(String event, String label, String rest) {
        return parse(jvm.await(start(event, label) + rest + ".*", LIMIT).group());
    }

    /** Waits until so many events of this name about loads with this label have come. */
    public void awaitCount(String event, String label, String rest, int count) {
        jvm.awaitCount(start(event, label) + rest, LIMIT, count);
    }

    /** All events so far. */
    public List<JsonObject> events() {
        List<JsonObject> events = new ArrayList<>();
        for (String line : jvm.stderr().lines().toList()) {
            events.add(parse(line));
        }
        return events;
    }

    /** All events of this name so far. */
    public List<JsonObject> events(String event) {
        return events().stream().filter(e -> e.getString("event").equals(event)).toList();
    }

    /** All events so far about loads with this label, in order. */
    public List<JsonObject> about(String label) {
        return events().stream().filter(e -> label.equals(e.getString("label"))).toList();
    }

    /** The events of this name about loads with this label so far. */
    public List<JsonObject> about(String label, String event) {
        return about(label).stream().filter(e -> e.getString("event").equals(event)).toList();
    }

    /** The names of {@link #about}. */
    public List<String> story(String label) {
        return about(label).stream().map(EbbLog::chapter).toList();
    }

    /** The single event of this name about a load with this label. */
    public JsonObject only(String event, String label) {
        List<JsonObject> found = about(label, event);
        assertEquals(1, found.size(), () -> jvm.failure(event + " about " + label + " is in the log " + found.size() + " times").getMessage());
        return found.get(0);
    }

    /** To end every test with: the program ended by itself with 0 and wrote exactly these lines, and nothing troubled Ebb. */
    public void assertEndedWell(String... stdout) {
        assertEnded(0, stdout);
    }

    /** As {@link #assertEndedWell} for a program with another exit code. */
    public void assertEnded(int exitCode, String... stdout) {
        assertUntroubled(exitCode);
        assertEquals(stdout.length == 0 ? "" : String.join("\n", stdout) + "\n", jvm.stdout(), () -> jvm.failure("wrong output").getMessage());
    }

    /** The program ended with this exit code, whatever it wrote, and nothing troubled Ebb. */
    public void assertUntroubled(int exitCode) {
        assertEquals(exitCode, jvm.waitFor(LIMIT), () -> jvm.failure("wrong exit code").getMessage());
        assertEquals(List.of(), events("trouble"), () -> jvm.failure("trouble: " + events("trouble")).getMessage());
        assertEquals(1, events("ebb.started").size(), () -> jvm.failure("not started once").getMessage());
        List<JsonObject> stopped = events("ebb.stopped");
        assertEquals(1, stopped.size(), () -> jvm.failure("not stopped once").getMessage());
        assertEquals(0, stopped.get(0).getInt("troubles", -1));
    }

    private static String chapter(JsonObject event) {
        String name = event.getString("event");
        return name.equals("rollback.step") ? "step " + event.getString("step") : name.equals("verdict") ? "verdict " + event.getString("verdict") : name;
    }

    private static String start(String event, String label) {
        return "^\\{.*\"event\":\"" + Pattern.quote(event) + "\",\"load\":\\d+,\"label\":\"" + Pattern.quote(label) + "\"";
    }

    private JsonObject parse(String line) {
        try {
            return JsonParser.object().from(line);
        } catch (JsonParserException e) {
            throw new AssertionError(jvm.failure("not a line of Ebb's log: " + line).getMessage(), e);
        }
    }
}
