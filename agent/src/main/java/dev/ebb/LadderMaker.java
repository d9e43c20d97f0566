package dev.ebb;

import dev.ebb.config.Options;
import dev.ebb.load.CloseWatcher;
import dev.ebb.load.EventSink;
import dev.ebb.load.LastReferences;
import dev.ebb.memory.ProcessMemory;
import dev.ebb.record.Recorder;
import dev.ebb.report.Troubles;
import dev.ebb.rollback.Cases;
import dev.ebb.rollback.Policy;
import dev.ebb.rollback.Retention;
import dev.ebb.rollback.Rung;
import dev.ebb.weave.Fields;
import dev.ebb.weave.Openings;
import dev.ebb.weave.SessionCloser;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/** Makes what rolls loads back, beside the start, which does not need it. @param reload null if nothing is */
record LadderMaker(Options options, Openings openings, Switch mode, Recorder recorder, ProcessMemory memory, EventSink log, Reporter reporter, LastReferences lastReferences,
                   CloseWatcher closeWatcher, Troubles troubles, Reload reload, LiveView live) implements Supplier<Cases> {
    @Override
    public Cases get() {
        Retention retention = new Retention(new Fields(openings), memory.tools().heapWalker(), options.rollbackWalkNanos(), log, troubles);
        live.searchBy(retention);
        EventSink explaining = new Explaining(log, new OwnMemory(memory, troubles));
        Policy policy = new Policy(settings(options));
        if (reload != null) {
            reload.changes(policy);
        }
        return new Cases(policy, mode, recorder, memory, explaining, reporter, lastReferences, new Fields(openings), closeWatcher,
            new SessionCloser(openings), retention, memory.tools(), troubles);
    }

    static Policy.Settings settings(Options options) {
        Set<Rung> rungs = EnumSet.noneOf(Rung.class);
        addIf(options.rollbackCheckpoint(), Rung.TELL, rungs);
        addIf(options.rollbackCancel(), Rung.CANCEL, rungs);
        addIf(options.rollbackInterrupt(), Rung.INTERRUPT, rungs);
        addIf(options.rollbackStop(), Rung.STOP, rungs);
        addIf(options.rollbackClose(), Rung.CLOSE, rungs);
        addIf(options.rollbackGc(), Rung.COLLECT, rungs);
        addIf(options.rollbackDelete(), Rung.DELETE, rungs);
        addIf(options.purge(), Rung.PURGE, rungs);
        return new Policy.Settings(options.rollbackOn().equals("failure"), options.rollbackOn().equals("never"), options.timeoutExceptions(),
            options.rollbackGraceNanos(), options.abandonEager() ? options.abandonAfterNanos() : -1, rungs, options.rollbackGcIntervalNanos(), options.rollbackCloseTimeoutNanos(), options.files(),
            options.purgeIntervalNanos(), options.rollbackJitterNanos(), options.logSummaryNanos());
    }

    private static void addIf(boolean on, Rung rung, Set<Rung> rungs) {
        if (on) {
            rungs.add(rung);
        }
    }
}
