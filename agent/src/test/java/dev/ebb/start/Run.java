package dev.ebb.start;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.ebb.testing.ForkedJvm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A JVM that has ended: what it wrote, Ebb's events apart from everything else. For one thread. */
final class Run {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final ForkedJvm jvm;
    private final int exitCode;
    private final List<JsonObject> events = new ArrayList<>();
    private final List<String> otherStderr = new ArrayList<>();

    private Run(ForkedJvm jvm) {
        this.jvm = jvm;
        this.exitCode = jvm.waitFor(LIMIT);
        // what the program writes in pieces may have lines of Ebb's, each written at once, between these
        String begun = "";
        for (String line : jvm.stderr().lines().toList()) {
            int event = line.indexOf("{\"time\":\"");
            if (event < 0) {
                otherStderr.add(begun + line);
                begun = "";
            } else {
                events.add(parse(line.substring(event)));
                begun += line.substring(0, event);
            }
        }
        if (!begun.isEmpty()) {
            otherStderr.add(begun);
        }
    }

    static Run of(ForkedJvm.Command command) {
        try (ForkedJvm jvm = command.start()) {
            return new Run(jvm);
        }
    }

    /** Waits for the end of a JVM that the test has led so far. */
    static Run endOf(ForkedJvm jvm) {
        return new Run(jvm);
    }

    /** Leaves such lines out of {@link #otherStderr}; @return this */
    Run without(Pattern lines) {
        otherStderr.removeIf(line -> lines.matcher(line).matches());
        return this;
    }

    int exitCode() {
        return exitCode;
    }

    String stdout() {
        return jvm.stdout();
    }

    /** Lines of stderr that are no events. */
    List<String> otherStderr() {
        return otherStderr;
    }

    List<JsonObject> events(String name) {
        return events.stream().filter(event -> name.equals(event.getString("event"))).toList();
    }

    /** What the events of trouble say, in order. */
    List<String> troubles() {
        return events("trouble").stream().map(event -> event.getString("what", event.getString("cause"))).toList();
    }

    /** Started first and stopped last, each once; @return this */
    Run assertStory() {
        List<String> names = events.stream().map(event -> event.getString("event")).toList();
        assertEquals(1, names.stream().filter("ebb.started"::equals).count(), this::toString);
        assertEquals(1, names.stream().filter("ebb.stopped"::equals).count(), this::toString);
        assertEquals(0, names.indexOf("ebb.started"), this::toString);
        assertEquals(names.size() - 1, names.indexOf("ebb.stopped"), this::toString);
        return this;
    }

    /** There is no Ebb; @return this */
    Run assertNoEvents() {
        assertEquals(List.of(), events, this::toString);
        return this;
    }

    /** The program ended with this code and wrote these lines, and nothing but Ebb's events is on stderr; @return this */
    Run assertProgram(int code, String... lines) {
        assertEquals(code, exitCode, this::toString);
        assertEquals(lines.length == 0 ? "" : String.join("\n", lines) + "\n", stdout(), this::toString);
        assertEquals(List.of(), otherStderr, this::toString);
        return this;
    }

    /** The program completed this many watched loads, the last of this many bytes; @return this */
    Run assertLoads(int count, long lastBytes) {
        List<JsonObject> completed = events("load.completed");
        assertEquals(count, completed.size(), this::toString);
        assertEquals(lastBytes, completed.get(count - 1).getLong("directBytes"), this::toString);
        return this;
    }

    /** With the command and all output. */
    @Override
    public String toString() {
        return jvm.failure("not as expected").getMessage();
    }

    private JsonObject parse(String line) {
        try {
            return JsonParser.object().from(line);
        } catch (JsonParserException e) {
            throw new AssertionError(jvm.failure("not a line of Ebb's log: " + line).getMessage(), e);
        }
    }
}
