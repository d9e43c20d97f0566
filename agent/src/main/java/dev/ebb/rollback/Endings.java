package dev.ebb.rollback;

import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.Load;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Outcome;
import dev.ebb.load.Resource;
import dev.ebb.rollback.Case.Phase;
import dev.ebb.rollback.Judge.Judgement;
import java.lang.ref.Reference;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says how loads have ended, each once, and lets go of them. Used by the worker alone. */
final class Endings {
    private static final int COMPLETED_NAMES = 10_000;

    private final Judge judge;
    private final Collector collector;
    private final LoadRegistry registry;
    private final EventSink events;
    private final Cases.Accounts accounts;
    private final Lingering lingering;
    private final OtherLoads others;
    /** When a load of that site and label has last completed; the least recent are forgotten. */
    private final Map<String, Long> completedNanos = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > COMPLETED_NAMES;
        }
    };

    Endings(Judge judge, Collector collector, LoadRegistry registry, EventSink events, Cases.Accounts accounts, Lingering lingering, OtherLoads others) {
        this.judge = judge;
        this.collector = collector;
        this.registry = registry;
        this.events = events;
        this.accounts = accounts;
        this.lingering = lingering;
        this.others = others;
    }

    /** A load that is wanted: its account is closed and nothing is touched. */
    void commit(Load load, Judgement judgement) {
        if (!lingering.wasSaid(load)) {
            say(load, judgement);
        }
        forget(load);
    }

    /** A load whose case proved to be none. */
    void commit(Case c) {
        c.proof.forget();
        commit(c.load, c.judgement);
        c.enter(Phase.DONE, System.nanoTime());
    }

    /** Puts the outcome of a case into the log, once. */
    void announce(Case c) {
        announce(c, null);
    }

    /** @param cause why it has ended so, if that is not what the judge says; else null */
    void announce(Case c, String cause) {
        if (!c.announced && c.judgement.outcome() != null) {
            c.announced = true;
            c.cause = cause == null ? judge.cause(c.load, c.judgement) : cause;
            Outcome outcome = c.judgement.outcome();
            accounts.ended(outcome, c.load.durationNanos(), LoadEvents.offHeapBytes(c.load));
            events.event(LoadEvents.ended(c.load, Level.INFO, outcome.text(), c.cause).with("running", c.load.left() ? null : Boolean.TRUE));
        }
    }

    /** The case ends here, whatever has been given back so far. */
    void drop(Case c) {
        c.enter(Phase.DONE, System.nanoTime());
        try {
            c.proof.forget();
            forget(c.load);
        } finally {
            // whatever goes wrong: a load that stays undecided would be kept for ever
            registry.decided(c.load);
        }
    }

    /** Whether another load of the same thing has completed since this one began: a retry, which may have found the files of the load that it retries. */
    boolean retriedWell(Load load) {
        Long completed = completedNanos.get(nameOf(load));
        return completed != null && completed - load.startNanos() > 0;
    }

    /** Whether another load of the same thing that began later goes on, or has just ended well: it may rely on what the first one has made on disk. */
    boolean isBeingRetried(Load load) {
        for (Load other : registry.undecided()) {
            if (other.startNanos() - load.startNanos() > 0 && nameOf(other).equals(nameOf(load))) {
                Judgement judgement = judge.judge(other);
                boolean endedBadly = judgement.outcome() != null && judgement != Judgement.COMPLETED;
                if (!other.quiet() || !endedBadly) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Loads that have ended and are not quiet after the grace, or whose task goes on; to be called about once a second for each load. Should the caller of
     * that task give up later, the load is said to be abandoned as well.
     */
    void lookAtLingering(Load load, Judgement judgement, boolean isCase) {
        boolean carried = judgement == Judgement.CARRIED;
        boolean lingers = carried || !load.quiet() && judgement.outcome() != null;
        if (!lingers || !lingering.graceIsOver(load)) {
            return;
        }
        // the end of a case is said when it is proven
        if (!isCase && lingering.isToBeSaid(load)) {
            say(load, !carried ? judgement : load.thrown() == null ? Judgement.COMPLETED : Judgement.FAILED);
        }
        lingering.nameThreads(load);
    }

    private void say(Load load, Judgement judgement) {
        if (!load.takeLastWord()) {
            // it was counted only: the worker did not keep up
            return;
        }
        if (judgement == Judgement.COMPLETED) {
            completedNanos.put(nameOf(load), System.nanoTime());
        }
        accounts.ended(judgement.outcome(), load.durationNanos(), LoadEvents.offHeapBytes(load));
        events.event(LoadEvents.ended(load, Level.INFO, judgement.outcome().text(), judge.cause(load, judgement)));
    }

    private static String nameOf(Load load) {
        return load.site().id() + "/" + load.label();
    }

    private void forget(Load load) {
        for (Resource resource : load.ledger().live()) {
            if (resource instanceof ObjectResource) {
                Reference<?> last = ((ObjectResource) resource).last();
                registry.letGo((ObjectResource) resource);
                collector.forget(last);
            }
        }
        if (load.result() != null) {
            collector.forget(load.result().last());
            load.result().keptReferences().forEach(collector::forget);
        }
        load.forget();
        registry.decided(load);
        others.ended();
    }
}
