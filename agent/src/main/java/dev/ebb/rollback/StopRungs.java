package dev.ebb.rollback;

import dev.ebb.load.EventSink;
import dev.ebb.load.LoadRegistry;
import dev.ebb.rollback.Judge.Judgement;

/** The rungs that bring a load to an end which still runs though it certainly is wanted no more. Used by the worker alone. */
final class StopRungs {
    private final Rungs rungs;
    private final LoadRegistry registry;
    private final TellRung telling;
    private final InterruptRung interrupting;

    StopRungs(Rungs rungs, Judge judge, LoadRegistry registry, EventSink events) {
        this.rungs = rungs;
        this.registry = registry;
        this.telling = new TellRung(judge, registry, events);
        this.interrupting = new InterruptRung(registry, events);
    }

    /** Climbs as far as it goes without waiting. To be called again and again until the load is quiet. */
    void climb(Case c, long now) {
        if (c.load.quiet() || c.judgement == Judgement.GIVEN_UP) {
            return;
        }
        if (c.stopNanos == 0) {
            c.stopNanos = now;
        }
        boolean acts = rungs.acts(Rung.TELL) || rungs.acts(Rung.INTERRUPT);
        if (!acts && c.load.stop().isGiven()) {
            // the user has changed the mode meanwhile
            registry.takeBackStop(c.load);
        } else if (acts && !c.load.stop().isGiven()) {
            registry.stop(c.load, rungs.acts(Rung.TELL) ? telling.message(c) : null);
        }
        if (!c.told && rungs.isOn(Rung.TELL)) {
            c.told = true;
            telling.climb(c, rungs.acts(Rung.TELL));
        }
        if (rungs.isOn(Rung.INTERRUPT)) {
            interrupting.climb(c, rungs.acts(Rung.INTERRUPT), now);
        }
    }
}
