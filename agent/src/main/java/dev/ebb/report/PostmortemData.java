package dev.ebb.report;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import dev.ebb.load.Event;
import dev.ebb.load.MemoryAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The JSON twin of a page. Its first line is the summary that the index is made of; {@code events} are the lines of the JSON log, to the byte. Immutable.
 *
 * @param good see {@link GoodLoads#of}
 * @param account null if it is not known
 * @param options name, value and source of each
 */
record PostmortemData(Story story, List<Timeline.Sample> samples, Event good, MemoryAccount account, List<String[]> options, String version) {
    private static final LogFormat LINES = new JsonFormat();
    private static final String[] SUMMARY = {"outcome", "verdict", "durationMs", "rssBeforeBytes", "rssPeakBytes", "rssAfterBytes", "ebb", "rollbackMs"};

    /** A moment worth a mark. */
    record Mark(long millis, String what) { }

    String json() {
        StringBuilder json = new StringBuilder(1 << 16).append("{\"summary\":").append(summary());
        json.append(",\n\"version\":").append(JsonWriter.string(version)).append(",\"jdk\":").append(JsonWriter.string(Runtime.version().toString()));
        json.append(",\n\"marks\":").append(marksJson());
        json.append(",\n\"samples\":").append(samplesJson());
        json.append(",\n\"largest\":").append(largestJson());
        json.append(",\n\"goodLoads\":").append(line(good));
        json.append(",\n\"account\":").append(accountJson());
        json.append(",\n\"options\":").append(optionsJson());
        json.append(",\n\"events\":[");
        String between = "\n";
        for (Event event : story.events) {
            json.append(between).append(line(event));
            between = ",\n";
        }
        return json.append("\n]}\n").toString();
    }

    /** As it stands in a JSON log. */
    static String line(Event event) {
        return LINES.line(event.timeMillis(), event.level().name(), event.name(), event.fields());
    }

    private String summary() {
        JsonStringWriter json = JsonWriter.string().object().value("time", LogTime.text(story.beganMillis)).value("pid", ProcessHandle.current().pid())
            .value("load", story.id).value("label", story.label).value("method", story.method);
        for (String field : SUMMARY) {
            Object value = story.value(field);
            if (value != null) {
                json.value(field, value);
            }
        }
        return json.end().done();
    }

    /** In the order of time. */
    List<Mark> marks() {
        List<Mark> marks = new ArrayList<>();
        addIfKnown(marks, story.beganMillis, "load begins");
        addIfKnown(marks, story.leftMillis, "method is left");
        addIfKnown(marks, story.quietMillis, "quiet: no thread or task is inside");
        for (Event event : story.events) {
            Object step = event.value("step");
            Object verdict = event.value("verdict");
            marks.add(new Mark(event.timeMillis(), event.name() + (step == null ? "" : " " + step) + (verdict == null ? "" : " " + verdict)));
        }
        marks.sort((a, b) -> Long.compare(a.millis(), b.millis()));
        return marks;
    }

    private static void addIfKnown(List<Mark> marks, long millis, String what) {
        if (millis > 0) {
            marks.add(new Mark(millis, what));
        }
    }

    /** The RSS that was sampled last before that moment; -1 if there is none. */
    long rssAt(long millis) {
        long rss = -1;
        for (Timeline.Sample sample : samples) {
            if (sample.millis() <= millis) {
                rss = sample.rss();
            }
        }
        return rss;
    }

    private String marksJson() {
        JsonStringWriter json = JsonWriter.string().array();
        for (Mark mark : marks()) {
            json.object().value("millis", mark.millis()).value("what", mark.what()).end();
        }
        return json.end().done();
    }

    private String samplesJson() {
        JsonStringWriter json = JsonWriter.string().object();
        column(json, "millis", Timeline.Sample::millis);
        column(json, "rssBytes", Timeline.Sample::rss);
        column(json, "anonymousBytes", sample -> sample.rss() - sample.shared());
        column(json, "heapBytes", Timeline.Sample::heap);
        column(json, "directBytes", Timeline.Sample::direct);
        column(json, "mappedBytes", Timeline.Sample::mapped);
        column(json, "foreignBytes", Timeline.Sample::foreign);
        column(json, "allocatorLiveBytes", Timeline.Sample::allocatorLive);
        column(json, "allocatorResidentBytes", Timeline.Sample::allocatorResident);
        return json.end().done();
    }

    private void column(JsonStringWriter json, String name, ToLongFunction<Timeline.Sample> value) {
        json.array(name);
        for (Timeline.Sample sample : samples) {
            json.value(value.applyAsLong(sample));
        }
        json.end();
    }

    private String largestJson() {
        JsonStringWriter json = JsonWriter.string().array();
        for (Story.Held held : story.largest) {
            json.object().value("kind", held.kind()).value("bytes", held.bytes()).value("takenAt", held.takenAt()).end();
        }
        return json.end().done();
    }

    private String accountJson() {
        if (account == null) {
            return "null";
        }
        JsonStringWriter json = JsonWriter.string().object().value("residentBytes", account.residentBytes());
        for (MemoryAccount.Part part : MemoryAccount.Part.values()) {
            json.value(part.text() + "Bytes", account.bytes(part));
        }
        for (MemoryAccount.Detail detail : MemoryAccount.Detail.values()) {
            json.value(detail.text() + "Bytes", account.bytes(detail));
        }
        json.array("allocators", account.allocators()).array("notes", account.notes()).array("findings");
        for (MemoryAccount.Finding finding : account.findings()) {
            json.object().value("cause", finding.cause()).value("bytes", finding.bytes()).value("what", finding.what()).value("remedy", finding.remedy()).end();
        }
        return json.end().end().done();
    }

    private String optionsJson() {
        JsonStringWriter json = JsonWriter.string().array();
        for (String[] option : options) {
            json.object().value("name", option[0]).value("value", option[1]).value("source", option[2]).end();
        }
        return json.end().done();
    }
}
