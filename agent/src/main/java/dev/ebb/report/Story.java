package dev.ebb.report;

import dev.ebb.load.Event;
import dev.ebb.load.Load;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is known of one load that ends badly, as the log tells it. Not safe for threads: {@link Postmortems} locks, and writes from a copy. */
final class Story {
    private static final int EVENTS = 400;
    private static final int LARGEST = 12;
    /** Of more records than this no list is made for a report. */
    private static final int RECORDS = 10_000;

    final long id;
    final String label;
    final String method;
    final List<Event> events = new ArrayList<>();
    final List<Held> largest = new ArrayList<>();
    /** Milliseconds since the epoch; 0 where that is not known. */
    long beganMillis;
    long leftMillis;
    long quietMillis;

    /** Something that the load held when its end was said. @param takenAt frames from the innermost on; null if that was not sampled */
    record Held(String kind, long bytes, String takenAt) { }

    Story(long id, String label, String method) {
        this.id = id;
        this.label = label;
        this.method = method;
    }

    Story copy() {
        Story copy = new Story(id, label, method);
        copy.events.addAll(events);
        copy.largest.addAll(largest);
        copy.beganMillis = beganMillis;
        copy.leftMillis = leftMillis;
        copy.quietMillis = quietMillis;
        return copy;
    }

    /** The first and the newest are kept. */
    void add(Event event) {
        if (events.size() == EVENTS) {
            events.remove(EVENTS / 2);
        }
        events.add(event);
    }

    /** @param load null if nothing more is known of it */
    void look(Load load) {
        if (load == null) {
            return;
        }
        long now = System.nanoTime();
        long millis = System.currentTimeMillis();
        if (beganMillis == 0) {
            beganMillis = millis - TimeUnit.NANOSECONDS.toMillis(now - load.startNanos());
        }
        if (load.left()) {
            leftMillis = millis - TimeUnit.NANOSECONDS.toMillis(now - load.leftNanos());
        }
        if (load.quiet()) {
            quietMillis = load.quietMillis();
        }
        if (largest.isEmpty()) {
            lookAtLedger(load);
        }
    }

    private void lookAtLedger(Load load) {
        long records = 0;
        for (ResourceKind kind : ResourceKind.values()) {
            records += load.ledger().recordedCount(kind);
        }
        if (records > RECORDS) {
            return;
        }
        List<Resource> live = load.ledger().live();
        live.sort(Comparator.comparingLong(Resource::bytes).reversed());
        for (Resource resource : live.subList(0, Math.min(LARGEST, live.size()))) {
            largest.add(new Held(resource.kind().toString(), resource.bytes(), resource.takenAt()));
        }
    }

    /** The newest value of this field; null if no event has it. */
    Object value(String field) {
        for (int i = events.size() - 1; i >= 0; i--) {
            Object value = events.get(i).value(field);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** 0 if no event has it. */
    long number(String field) {
        Object value = value(field);
        return value instanceof Number ? ((Number) value).longValue() : 0;
    }

    String text(String field) {
        Object value = value(field);
        return value == null ? "-" : value.toString();
    }

    /** The newest list of holders that was said. */
    List<String> holders() {
        Object value = value("holders");
        List<String> holders = new ArrayList<>();
        if (value instanceof List) {
            ((List<?>) value).forEach(holder -> holders.add(String.valueOf(holder)));
        }
        return holders;
    }
}
