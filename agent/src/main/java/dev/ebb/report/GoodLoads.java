package dev.ebb.report;

import dev.ebb.load.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How loads of the same method went that completed, to compare a bad one with. The first {@value #METHODS} methods. Not safe for threads. */
final class GoodLoads {
    private static final int METHODS = 200;
    private static final String[] HELD = {"directBytes", "mappedBytes", "foreignBytes", "nativeBytes"};

    private final Map<String, Figures> methods = new HashMap<>();

    private static final class Figures {
        private final Distribution micros = new Distribution(TimeUnit.DAYS.toMicros(1));
        private final Distribution heldBytes = new Distribution(1L << 50);
        private final Distribution riseBytes = new Distribution(1L << 50);
        private long loads;
    }

    void record(Event completed) {
        String method = String.valueOf(completed.value("method"));
        if (methods.size() >= METHODS && !methods.containsKey(method)) {
            return;
        }
        Figures figures = methods.computeIfAbsent(method, m -> new Figures());
        figures.loads++;
        figures.micros.record(TimeUnit.MILLISECONDS.toMicros(completed.number("durationMs")));
        figures.heldBytes.record(heldBytes(completed));
        figures.riseBytes.record(completed.number("rssPeakBytes") - completed.number("rssBeforeBytes"));
    }

    /** {@code loads}, and percentiles named as {@code durationP50Ms}, {@code heldP90Bytes}, {@code rssRiseMaxBytes}; no percentile if there was none. */
    Event of(String method) {
        Figures figures = methods.get(method);
        Event event = new Event(Event.Level.INFO, "good").with("loads", figures == null ? 0L : figures.loads);
        if (figures != null) {
            figures.micros.addMillis(event, "duration");
            figures.heldBytes.addBytes(event, "held");
            figures.riseBytes.addBytes(event, "rssRise");
        }
        return event;
    }

    /** Off the heap, by the ledger. */
    static long heldBytes(Event event) {
        long bytes = 0;
        for (String field : HELD) {
            bytes += event.number(field);
        }
        return bytes;
    }
}
