package dev.ebb;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.config.Options;
import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.report.EventLog;
import dev.ebb.report.Figures;
import dev.ebb.report.Troubles;
import dev.ebb.weave.Weaver;

/** Says what is to be said beside single loads: start, troubles, presets, patterns that match nothing, summaries, stop. Needs nothing of what records loads. On Ebb's own threads. */
final class Voice {
    private final InForce inForce;
    private final Switch mode;
    private final Weaver weaver;
    private final Troubles troubles;
    private final EventLog lines;
    private final Figures figures = new Figures();
    private boolean started;
    private boolean patternsReported;

    Voice(InForce inForce, Switch mode, Weaver weaver, Troubles troubles) {
        this.inForce = inForce;
        this.mode = mode;
        this.weaver = weaver;
        this.troubles = troubles;
        Options options = inForce.options();
        lines = new EventLog(options.logLevel(), options.logFile(), options.logJson());
        lines.troubles(troubles);
    }

    EventLog lines() {
        return lines;
    }

    Figures figures() {
        return figures;
    }

    /** Said once, whoever comes first: the worker, or the end of a program that is as short as that. */
    synchronized void started() {
        if (started) {
            return;
        }
        started = true;
        Options options = inForce.options();
        lines.event(new Event(Level.INFO, "ebb.started").with("version", version()).with("jdk", System.getProperty("java.runtime.version", ""))
            .with("mode", mode.mode()).with("options", options.toString()));
        for (String problem : options.problems()) {
            lines.event(new Event(Level.WARN, "trouble").with("where", "options").with("what", problem));
        }
        if (options.loads().isEmpty() && !options.anyPreset()) {
            lines.event(new Event(Level.WARN, "trouble").with("where", "options").with("what", "ebb.loads is empty: no load is watched")
                .with("remedy", "name the methods that load, as -Debb.loads=pkg.Class#method"));
        }
    }

    /** What went wrong and was not said yet. */
    void tellTroubles() {
        troubles.tell(lines);
    }

    synchronized void tellPresets() {
        for (String preset : weaver.takeFoundPresets()) {
            lines.event(new Event(Level.INFO, "preset.found").with("preset", preset));
        }
    }

    synchronized void summary() {
        reportPatterns();
        if (figures.loads() > 0) {
            lines.event(figures.summary());
        }
    }

    /** The program ends, or Ebb is detached. */
    synchronized void stopped() {
        started();
        tellPresets();
        tellTroubles();
        summary();
        lines.event(new Event(Level.INFO, "ebb.stopped").with("loads", figures.loads()).with("open", EbbBridge.OPEN.get()).with("troubles", troubles.count()));
    }

    private void reportPatterns() {
        if (!patternsReported && !mode.off()) {
            patternsReported = true;
            for (String problem : weaver.unmatchedPatterns()) {
                lines.event(new Event(Level.WARN, "trouble").with("where", "ebb.loads").with("what", problem)
                    .with("remedy", "correct the pattern in ebb.loads or ebb.release, or wait until the class is loaded"));
            }
            Options options = inForce.options();
            if (options.loads().isEmpty() && options.anyPreset() && weaver.noPresetFound()) {
                lines.event(new Event(Level.WARN, "trouble").with("where", "ebb.presets").with("what", "no load is watched: ebb.loads is empty, and no class that a preset names has been loaded")
                    .with("remedy", "name the methods that load, as -Debb.loads=pkg.Class#method"));
            }
        }
    }

    static String version() {
        String version = Voice.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
