package dev.ebb.report;

import dev.ebb.load.Event;
import dev.ebb.load.EventSink;
import dev.ebb.load.Trouble;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes events through SLF4J to our own binding, one line each, to a file or to stderr.
 *
 * <p>Assumes that only Ebb's own threads call it (the worker, the shutdown hook): a write may block for as long as a full pipe or disk does. Threads are serialised by one lock that is
 * held for the write alone. Throws nothing. SLF4J comes in and the file is opened at the first event that passes the level.
 */
public final class EventLog implements EventSink, AutoCloseable {
    private volatile Event.Level least;
    private final LogFormat format;
    private final LogOutput output;
    private volatile Logger logger;
    private volatile Trouble trouble;

    /**
     * @param level the least to be written: debug, info, warn or error, in any case of letters
     * @param file to append to, its missing parents are created; empty for stderr
     * @param json one JSON object a line instead of text
     */
    public EventLog(String level, String file, boolean json) {
        this(level, json, file, null);
    }

    /** @param stderr what stands for stderr; null for the real one */
    EventLog(String level, boolean json, String file, OutputStream stderr) {
        level(level);
        format = json ? new JsonFormat() : new TextFormat();
        Unusable complaint = new Unusable(format);
        output = stderr == null ? new LogOutput(file, complaint) : new LogOutput(file, stderr, complaint);
    }

    /** Whom to tell of a line that could not be made. A rollback must not end for it. */
    public void troubles(Trouble to) {
        trouble = to;
    }

    @Override
    public void event(Event event) {
        try {
            if (writes(event.level())) {
                write(event);
            }
        } catch (RuntimeException | Error e) {
            Trouble to = trouble;
            if (to != null) {
                to.report("log", e, null);
            }
        }
    }

    private void write(Event event) {
        LoggingEventBuilder line = logger().atLevel(Level.valueOf(event.level().name())).addKeyValue(EbbLogger.TIME, Long.valueOf(event.timeMillis()));
        for (Event.Field field : event.fields()) {
            line.addKeyValue(field.name(), field);
        }
        line.setMessage(event.name()).log();
    }

    /** @param level the least to be written from now on, as {@code info} */
    public void level(String level) {
        least = Event.Level.valueOf(level.toUpperCase(Locale.ROOT));
    }

    /** Whether an event of this level would be written; saves the making of costly ones. */
    public boolean writes(Event.Level level) {
        return level.compareTo(least) >= 0;
    }

    private Logger logger() {
        if (logger == null) {
            // two threads may make one each: they write through the same output
            logger = new EbbServiceProvider(Level.DEBUG, format, output).getLoggerFactory().getLogger("dev.ebb");
        }
        return logger;
    }

    /** Whether a line has been on its way for so long: nobody reads the pipe, or the disk hangs. Takes no lock. */
    public boolean isStuck(long nanos) {
        return output.isStuck(nanos);
    }

    /** Lines that neither the file nor stderr took. */
    public long lostLines() {
        return output.lostLines();
    }

    /** Closes the file, if any. May be called more than once; a later event opens it again. */
    @Override
    public void close() {
        output.close();
    }

    /** The line about a log file that cannot be used. */
    private static final class Unusable implements LogOutput.Complaint {
        private final LogFormat format;

        Unusable(LogFormat format) {
            this.format = format;
        }

        @Override
        public String line(String path, IOException cause) {
            Event event = new Event(Event.Level.WARN, "trouble").with("where", "log.file").with("cause", String.valueOf(cause.getMessage()))
                .with("remedy", "the log goes to stderr; set ebb.log.file to a file that can be written, now " + path);
            List<Event.Field> fields = event.fields();
            return format.line(event.timeMillis(), event.level().name(), event.name(), fields);
        }
    }
}
