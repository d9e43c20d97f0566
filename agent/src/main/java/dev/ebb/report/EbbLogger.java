package dev.ebb.report;

import dev.ebb.load.Event;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Marker;
import org.slf4j.event.DefaultLoggingEvent;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/**
 * The logger of our own SLF4J binding: turns a logging event into a line. A key that is paired with an {@link Event.Field} is written in that field's unit. Immutable; callable from any
 * thread, but may block on the output.
 */
final class EbbLogger extends LegacyAbstractLogger implements LoggingEventAware {
    /** The key of {@link Event#timeMillis}, a Long; an event that has it bears the event's name as its message. */
    static final String TIME = "time";

    private static final long serialVersionUID = 1;

    private final transient LogOutput output;
    private final transient LogFormat format;
    private final Level threshold;

    EbbLogger(String name, Level threshold, LogFormat format, LogOutput output) {
        this.name = name;
        this.threshold = threshold;
        this.format = format;
        this.output = output;
    }

    @Override
    public void log(LoggingEvent event) {
        List<Event.Field> fields = new ArrayList<>();
        Long timeMillis = null;
        List<KeyValuePair> pairs = event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs();
        for (KeyValuePair pair : pairs) {
            if (pair.key.equals(TIME) && pair.value instanceof Long) {
                timeMillis = (Long) pair.value;
            } else {
                fields.add(pair.value instanceof Event.Field ? (Event.Field) pair.value : new Event.Field(pair.key, pair.value, Event.Unit.PLAIN));
            }
        }
        if (timeMillis != null) {
            output.write(format.line(timeMillis, event.getLevel().toString(), event.getMessage(), fields));
        } else {
            message(event, fields);
        }
    }

    /** What a library in our jar logs in the ordinary way. */
    private void message(LoggingEvent event, List<Event.Field> fields) {
        List<Event.Field> all = new ArrayList<>();
        all.add(new Event.Field("logger", name, Event.Unit.PLAIN));
        all.add(new Event.Field("message", MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray()), Event.Unit.PLAIN));
        all.addAll(fields);
        all.add(new Event.Field("cause", event.getThrowable() == null ? null : event.getThrowable().toString(), Event.Unit.PLAIN));
        output.write(format.line(System.currentTimeMillis(), event.getLevel().toString(), "message", all));
    }

    @Override
    protected void handleNormalizedLoggingCall(Level level, Marker marker, String message, Object[] arguments, Throwable cause) {
        DefaultLoggingEvent event = new DefaultLoggingEvent(level, this);
        event.setMessage(message);
        event.setThrowable(cause);
        if (arguments != null) {
            event.addArguments(arguments);
        }
        log(event);
    }

    @Override
    public boolean isTraceEnabled() {
        return isOn(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isOn(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isOn(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isOn(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isOn(Level.ERROR);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return EbbLogger.class.getName();
    }

    private boolean isOn(Level level) {
        return level.toInt() >= threshold.toInt();
    }
}
