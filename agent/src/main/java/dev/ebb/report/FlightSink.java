package dev.ebb.report;

import dev.ebb.load.Event;
import dev.ebb.load.EventSink;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Trouble;
import jdk.jfr.FlightRecorder;

/**
 * Hears what is logged and writes it as events of JDK Flight Recorder, if somebody has started that: a program that does not record pays a look at one flag, and nothing for it at its start.
 * The module {@code jdk.jfr} may be missing. On Ebb's own threads; one private lock.
 */
public final class FlightSink implements EventSink {
    private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private final EventSink log;
    private final LoadRegistry loads;
    private final Trouble trouble;
    private FlightEvents events;
    private volatile boolean broken;

    public FlightSink(EventSink log, LoadRegistry loads, Trouble trouble) {
        this.log = log;
        this.loads = loads;
        this.trouble = trouble;
    }

    /** Before the log has it: who reads there of a verdict finds it in the recording. */
    @Override
    public void event(Event event) {
        boolean general = event.name().startsWith("ebb.") || event.name().equals("trouble");
        if (!general && isRecording()) {
            write(event);
        }
        log.event(event);
    }

    /** Whether there is a recorder in this JVM. */
    public boolean isRecording() {
        return PRESENT && !broken && FlightRecorder.isInitialized();
    }

    /** To be called now and then while loads are open: writes which have begun. */
    public void look() {
        if (isRecording()) {
            write(null);
        }
    }

    /** @param event null to look at loads that are open */
    private synchronized void write(Event event) {
        try {
            events = events == null ? new FlightEvents() : events;
            if (event != null) {
                events.write(event);
            } else {
                events.look(loads.undecided());
            }
        } catch (RuntimeException | Error e) {
            broken = true;
            trouble.report("flight recorder", e, "nothing more is written into recordings; all else goes on");
        }
    }
}
