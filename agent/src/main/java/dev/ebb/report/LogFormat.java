package dev.ebb.report;

import dev.ebb.load.Event;
import java.util.List;

/** How an event becomes one line. Stateless. */
interface LogFormat {
    /**
     * Fields whose value is null or no finite number are left out.
     *
     * @param timeMillis since the epoch
     * @param level INFO, WARN, …
     * @return one line without its end; whatever the values hold, there is no line break in it
     */
    String line(long timeMillis, String level, String name, List<Event.Field> fields);

    /** Whether there is something to write. */
    static boolean present(Object value) {
        return value != null && !(value instanceof Double && !Double.isFinite((Double) value));
    }
}
