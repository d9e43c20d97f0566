package dev.ebb;

import dev.ebb.load.Outcome;
import dev.ebb.report.Figures;
import dev.ebb.report.FlightSink;
import dev.ebb.report.Troubles;
import dev.ebb.rollback.Cases;
import dev.ebb.rollback.Worker;
import dev.ebb.weave.Weaver;

/** What the worker has others do beside loads: figures, summaries, samples, what comes from outside. On Ebb's own threads. */
final class Reporter implements Worker.Periodic, Cases.Accounts {
    private final InForce inForce;
    private final Voice voice;
    private final FlightSink log;
    private final Reports reports;
    private final Troubles troubles;
    private final Figures figures;
    private final Weaver weaver;
    private final Switch mode;
    private final Outside outside;
    private long summaryNanos = System.nanoTime();

    Reporter(InForce inForce, Voice voice, Told told, Weaver weaver, Switch mode, Outside outside) {
        this.inForce = inForce;
        this.voice = voice;
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
        voice.started();
        if (!mode.off()) {
            outside.started();
        }
        voice.tellTroubles();
    }

    @Override
    public synchronized void tick() {
        weaver.catchUp();
        voice.tellPresets();
        outside.tick();
        voice.tellTroubles();
        long every = inForce.options().logSummaryNanos();
        if (every > 0 && System.nanoTime() - summaryNanos >= every) {
            summaryNanos = System.nanoTime();
            voice.summary();
        }
    }

    @Override
    public void passedOver(long loads) {
        figures.recordPassedOver(loads);
        troubles.report("worker", new IllegalStateException("loads end faster than they can be said one by one: good ones are counted only"),
            "name methods that bring in whole segments in ebb.loads; ebb.summary counts all loads");
    }

    @Override
    public void ended(Outcome outcome, long durationNanos, long offHeapBytes) {
        figures.recordLoad(outcome, durationNanos, offHeapBytes);
    }

    @Override
    public void rolledBack(long rollbackNanos) {
        figures.recordRollback(rollbackNanos);
    }

    @Override
    public void purged(long nanos, long returnedBytes) {
        figures.recordPurge(nanos, returnedBytes);
    }

    @Override
    public void concluded(String verdict, long unexplainedBytes) {
        figures.recordVerdict(verdict, unexplainedBytes);
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
}
