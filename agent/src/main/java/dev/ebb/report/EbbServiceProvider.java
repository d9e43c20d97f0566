package dev.ebb.report;

import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Ebb's own SLF4J binding. {@link EventLog} takes its logger from here and not through {@code LoggerFactory}, because that one obeys {@code -Dslf4j.provider} and
 * {@code -Dslf4j.internal.verbosity}, which the program means for its own SLF4J, and prints by itself. A service file names the binding too, for libraries in our jar.
 */
public final class EbbServiceProvider implements SLF4JServiceProvider, ILoggerFactory {
    private final Level threshold;
    private final LogFormat format;
    private final LogOutput output;

    /** What the service loader makes: text from INFO on, to stderr. */
    public EbbServiceProvider() {
        this(Level.INFO, new TextFormat(), new LogOutput("", null));
    }

    EbbServiceProvider(Level threshold, LogFormat format, LogOutput output) {
        this.threshold = threshold;
        this.format = format;
        this.output = output;
    }

    @Override
    public Logger getLogger(String name) {
        return new EbbLogger(name, threshold, format, output);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return new BasicMarkerFactory();
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return new NOPMDCAdapter();
    }

    /** The newest of the line that the binding was written for, as SLF4J's own bindings give it. */
    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // everything was made in the constructor
    }
}
