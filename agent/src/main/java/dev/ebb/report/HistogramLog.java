package dev.ebb.report;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * What HdrHistogram's tools read: an interval of a histogram for each tag, from one post-mortem to the next. Values are microseconds, the maxima beside them
 * milliseconds. Of more than 1 MiB the oldest intervals go. Any thread records; one writes.
 */
final class HistogramLog {
    private static final int DIGITS = 3;
    private static final int TAGS = 64;
    private static final int MOST_CHARS = 1 << 20;
    private static final double MICROS_A_MILLI = 1000;

    private Map<String, Histogram> open = new TreeMap<>();
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final long beganMillis;
    private long intervalMillis;
    private int chars;

    /** @param millis since the epoch */
    HistogramLog(long millis) {
        beganMillis = millis;
        intervalMillis = millis;
    }

    /** @param tag anything; what would end it in the log is replaced. Beyond {@value #TAGS} of them all go under {@code other}. */
    void record(String tag, long micros) {
        String clean = tag.replaceAll("[^\\p{Alnum}_.#$-]", "_");
        synchronized (this) {
            String key = open.size() < TAGS || open.containsKey(clean) ? clean : "other";
            open.computeIfAbsent(key, k -> new Histogram(DIGITS)).recordValue(Math.max(0, micros));
        }
    }

    private synchronized Map<String, Histogram> takeOpen() {
        Map<String, Histogram> taken = open;
        open = new TreeMap<>();
        return taken;
    }

    /** Ends the interval; on the one thread that writes, and encodes without a lock. @return the whole log */
    String text(long nowMillis) {
        for (Map.Entry<String, Histogram> entry : takeOpen().entrySet()) {
            entry.getValue().setTag(entry.getKey());
            String line = lines(writer -> writer.outputIntervalHistogram((intervalMillis - beganMillis) / 1000.0, (nowMillis - beganMillis) / 1000.0,
                entry.getValue(), MICROS_A_MILLI));
            lines.addLast(line);
            chars += line.length();
        }
        intervalMillis = nowMillis;
        while (chars > MOST_CHARS) {
            chars -= lines.removeFirst().length();
        }
        return lines(writer -> {
            writer.outputComment("[Ebb: durations in microseconds, by tag]");
            writer.outputLogFormatVersion();
            writer.outputBaseTime(beganMillis);
            writer.outputStartTime(beganMillis);
            writer.outputLegend();
        }) + String.join("", lines);
    }

    private interface Part {
        void write(HistogramLogWriter writer);
    }

    private static String lines(Part part) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HistogramLogWriter writer = new HistogramLogWriter(bytes);
        part.write(writer);
        writer.close();
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
