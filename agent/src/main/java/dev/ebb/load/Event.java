package dev.ebb.load;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of the log: a name out of the set that the documentation fixes, a level, and fields in the order in which they are to be written.
 * Filled by one thread, then handed over and not changed any more.
 */
public final class Event {
    public enum Level { DEBUG, INFO, WARN, ERROR }

    /** How a value is to be written in the text format; JSON writes numbers as numbers. */
    public enum Unit { PLAIN, BYTES, RATIO }

    /** A value is a String, Long, Double, Boolean, null or a List of Strings. A field of unit BYTES has a name that ends in {@code Bytes}. */
    public record Field(String name, Object value, Unit unit) { }

    private final String name;
    private final Level level;
    private final long timeMillis = System.currentTimeMillis();
    private final List<Field> fields = new ArrayList<>();

    public Event(Level level, String name) {
        this.level = level;
        this.name = name;
    }

    public Event with(String field, Object value) {
        fields.add(new Field(field, value instanceof Integer ? Long.valueOf((Integer) value) : value, Unit.PLAIN));
        return this;
    }

    /** @param field ends in {@code Bytes}; the text format drops that ending and writes mebibytes */
    public Event bytes(String field, long bytes) {
        fields.add(new Field(field, bytes, Unit.BYTES));
        return this;
    }

    /** @param ratio from 0 to 1 */
    public Event ratio(String field, double ratio) {
        fields.add(new Field(field, ratio, Unit.RATIO));
        return this;
    }

    public String name() {
        return name;
    }

    public Level level() {
        return level;
    }

    /** Milliseconds since the epoch. */
    public long timeMillis() {
        return timeMillis;
    }

    public List<Field> fields() {
        return fields;
    }

    /** Null if there is no such field, or nothing in it. */
    public Object value(String field) {
        for (Field f : fields) {
            if (f.name().equals(field)) {
                return f.value();
            }
        }
        return null;
    }

    /** 0 if there is no such field, or no number in it. */
    public long number(String field) {
        Object value = value(field);
        return value instanceof Number ? ((Number) value).longValue() : 0;
    }
}
