package dev.ebb;

import dev.ebb.config.Options;
import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.Outcome;
import dev.ebb.report.Figures;
import dev.ebb.report.FlightSink;
import dev.ebb.report.Troubles;
import dev.ebb.rollback.Cases;
import dev.ebb.rollback.Worker;
import dev.ebb.weave.Weaver;

/** Says what is to be said beside single loads: start, troubles, patterns that match nothing, summaries, stop. On Ebb's own threads. */
final class Reporter implements Worker.Periodic, Cases.Accounts {
    private final InForce inForce;
    private final FlightSink log;
    private final Reports reports;
    private final Troubles troubles;
    private final Figures figures;
    private final Weaver weaver;
    private final Switch mode;
    private final Outside outside;
    private long summaryNanos = System.nanoTime();
    private boolean patternsReported;

    Reporter(InForce inForce, Told told, Weaver weaver, Switch mode, Outside outside) {
        this.inForce = inForce;
        log = told.log();
        reports = told.reports();
        troubles = told.troubles();
        figures = told.figures();
        this.weaver = weaver;
        this.mode = mode;
        this.outside = outside;
    }

    @Override
    public synchronized void started() {
        Options options = inForce.options();
        log.event(new Event(Level.INFO, "ebb.started").with("version", version()).with("jdk", System.getProperty("java.runtime.version", ""))
            .with("mode", mode.mode()).with("options", options.toString()));
        for (String problem : options.problems()) {
            log.event(new Event(Level.WARN, "trouble").with("where", "options").with("what", problem));
        }
        if (options.loads().isEmpty() && !options.anyPreset()) {
            log.event(new Event(Level.WARN, "trouble").with("where", "options").with("what", "ebb.loads is empty: no load is watched")
                .with("remedy", "name the methods that load, as -Debb.loads=pkg.Class#method"));
        }
        if (!mode.off()) {
            outside.started();
        }
        troubles.tell(log);
    }

    @Override
    public synchronized void tick() {
        weaver.catchUp();
        tellPresets();
        outside.tick();
        troubles.tell(log);
        long every = inForce.options().logSummaryNanos();
        if (every > 0 && System.nanoTime() - summaryNanos >= every) {
            summaryNanos = System.nanoTime();
            reportPatterns();
            if (figures.loads() > 0) {
                log.event(figures.summary());
            }
        }
    }

    @Override
    public void passedOver(long loads) {
        figures.recordPassedOver(loads);
        troubles.report("worker", new IllegalStateException("loads end faster than they can be said one by one: good ones are counted only"),
            "name methods that bring in whole segments in ebb.loads; ebb.summary counts all loads");
    }

    /** In the shutdown hook. */
    synchronized void stopped() {
        tellPresets();
        troubles.tell(log);
        reportPatterns();
        if (figures.loads() > 0) {
            log.event(figures.summary());
        }
        log.event(new Event(Level.INFO, "ebb.stopped").with("loads", figures.loads()).with("troubles", troubles.count()));
    }

    @Override
    public void ended(Outcome outcome, long durationNanos, long offHeapBytes) {
        figures.recordLoad(outcome, durationNanos, offHeapBytes);
    }

    @Override
    public void rolledBack(long rollbackNanos, long purgeNanos) {
        figures.recordRollback(rollbackNanos);
        if (purgeNanos > 0) {
            figures.recordPurge(purgeNanos);
        }
    }

    @Override
    public void released(boolean leaked) {
        figures.recordRelease(leaked);
    }

    @Override
    public boolean wantsSamples() {
        return reports != null || log.isRecording();
    }

    @Override
    public void sampled(long rssBytes, long sharedBytes) {
        if (reports != null) {
            reports.sampled(rssBytes, sharedBytes);
        }
        log.look();
    }

    /** Without the lock: reports that are being written are waited for. */
    void finish(long millis) {
        if (reports != null) {
            reports.finish(millis);
        }
    }

    void close() {
        if (reports != null) {
            reports.close();
        }
    }

    private void tellPresets() {
        for (String preset : weaver.takeFoundPresets()) {
            log.event(new Event(Level.INFO, "preset.found").with("preset", preset));
        }
    }

    private void reportPatterns() {
        if (!patternsReported && !mode.off()) {
            patternsReported = true;
            for (String problem : weaver.unmatchedPatterns()) {
                log.event(new Event(Level.WARN, "trouble").with("where", "ebb.loads").with("what", problem)
                    .with("remedy", "correct the pattern in ebb.loads or ebb.release, or wait until the class is loaded"));
            }
            Options options = inForce.options();
            if (options.loads().isEmpty() && options.anyPreset() && weaver.noPresetFound()) {
                log.event(new Event(Level.WARN, "trouble").with("where", "ebb.presets").with("what", "no load is watched: ebb.loads is empty, and no class that a preset names has been loaded")
                    .with("remedy", "name the methods that load, as -Debb.loads=pkg.Class#method"));
            }
        }
    }

    static String version() {
        String version = Reporter.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
