package dev.ebb.rollback;

import dev.ebb.load.EventSink;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.ThreadStopper;
import dev.ebb.rollback.Judge.Judgement;

/** The rungs that bring a load to an end which still runs though it certainly is wanted no more. Used by the worker alone. */
final class StopRungs {
    private final Rungs rungs;
    private final LoadRegistry registry;
    private final TellRung telling;
    private final CancelRung cancelling;
    private final InterruptRung interrupting;
    private final LastWordRung lastWord;
    private final Policy policy;

    StopRungs(Rungs rungs, Policy policy, Judge judge, LoadRegistry registry, ThreadStopper stopper, EventSink events) {
        this.rungs = rungs;
        this.registry = registry;
        this.telling = new TellRung(judge, registry, events);
        this.cancelling = new CancelRung(registry, events);
        this.interrupting = new InterruptRung(registry, events);
        this.lastWord = new LastWordRung(registry, stopper, events);
        this.policy = policy;
    }

    /** Climbs as far as it goes without waiting. To be called again and again until the load is quiet. */
    void climb(Case c, long now) {
        if (c.load.quiet() || c.judgement == Judgement.GIVEN_UP) {
            return;
        }
        if (c.stopNanos == 0) {
            c.stopNanos = now;
        }
        try {
            giveStop(c);
        } catch (RuntimeException | Error e) {
            rungs.failed(Rung.TELL, e);
        }
        if (!c.told) {
            climb(Rung.TELL, () -> telling.climb(c, rungs.acts(Rung.TELL)));
            c.told = true;
        }
        climb(Rung.CANCEL, () -> cancelling.climb(c, rungs.acts(Rung.CANCEL), now));
        climb(Rung.INTERRUPT, () -> interrupting.climb(c, rungs.acts(Rung.INTERRUPT), now));
        if (now - c.stopNanos > policy.graceNanos()) {
            climb(Rung.STOP, () -> lastWord.climb(c, rungs.acts(Rung.STOP), telling.message(c), now));
        }
    }

    private void giveStop(Case c) {
        boolean acts = rungs.acts(Rung.TELL) || rungs.acts(Rung.INTERRUPT) || rungs.acts(Rung.STOP);
        if (!acts && c.load.stop().isGiven()) {
            // the user has changed the mode meanwhile
            registry.takeBackStop(c.load);
        } else if (acts && !c.load.stop().isGiven()) {
            registry.stop(c.load, rungs.acts(Rung.TELL) ? telling.message(c) : null);
        }
    }

    /** A fault of Ebb's own costs this rung, and no other. */
    private void climb(Rung rung, Runnable step) {
        if (rungs.isOn(rung)) {
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                rungs.failed(rung, e);
            }
        }
    }
}
