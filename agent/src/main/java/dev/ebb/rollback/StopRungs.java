package dev.ebb.rollback;

import dev.ebb.load.EventSink;
import dev.ebb.load.LoadRegistry;
import dev.ebb.rollback.Judge.Judgement;

/** The rungs that bring a load to an end which still runs though it certainly is wanted no more. Used by the worker alone. */
final class StopRungs {
    private final Rungs rungs;
    private final LoadRegistry registry;
    private final TellRung telling;

    StopRungs(Rungs rungs, Judge judge, LoadRegistry registry, EventSink events) {
        this.rungs = rungs;
        this.registry = registry;
        this.telling = new TellRung(judge, registry, events);
    }

    /** Climbs as far as it goes without waiting. To be called again and again until the load is quiet. */
    void climb(Case c, long now) {
        if (c.load.quiet() || c.judgement == Judgement.GIVEN_UP) {
            return;
        }
        if (c.toldNanos == 0 && rungs.isOn(Rung.TELL)) {
            c.toldNanos = now;
            telling.climb(c, rungs.acts(Rung.TELL));
        } else if (c.load.stop().isGiven() && !rungs.acts(Rung.TELL)) {
            // the user has changed the mode meanwhile
            registry.takeBackStop(c.load);
        }
    }
}
