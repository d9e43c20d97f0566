package dev.ebb.rollback;

import dev.ebb.load.CloseWatcher;
import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.FieldReader;
import dev.ebb.load.LastReferences;
import dev.ebb.load.Load;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Memory;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Outcome;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import dev.ebb.load.Trouble;
import dev.ebb.rollback.Case.Phase;
import dev.ebb.rollback.Judge.Judgement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The loads that end badly or may have, from "a caller gave up" through quiet and proof to the verdict. Used by the worker alone.
 */
public final class Cases {
    /**
     * Collections asked for to prove one load, each after twice the wait of the one before: at once, and after 0.25, 0.75, 1.75 and 3.75 s. Callers and pool
     * threads let go of what they hold within that time, if they do at all.
     */
    private static final int PROOF_COLLECTIONS = 5;
    private static final long PROOF_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int COMPLETED_NAMES = 10_000;
    /** How long a load that is ready to be purged waits for others that are close behind it. */
    private static final long COMPANY_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Policy policy;
    private final BooleanSupplier rollsBack;
    private final LoadRegistry registry;
    private final Memory memory;
    private final EventSink events;
    private final Accounts accounts;
    private final Judge judge;
    private final Collector collector;
    private final Parts parts;
    private final Ladder ladder;
    private final Lingering lingering;
    private final CloseWatcher closeWatcher;
    private final Trouble trouble;
    private final Map<Load, Case> cases = new LinkedHashMap<>();
    /** When a load of that site and label has last completed; the least recent are forgotten. */
    private final Map<String, Long> completedNanos = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > COMPLETED_NAMES;
        }
    };
    private final List<Case> recheck = new ArrayList<>();

    /** Figures of ended loads; on the worker. */
    public interface Accounts {
        void ended(Outcome outcome, long durationNanos, long offHeapBytes);

        void rolledBack(long rollbackNanos, long purgeNanos);
    }

    /**
     * @param rollsBack false while Ebb only watches
     * @param sessionCloser closes a session of foreign memory
     */
    public Cases(Policy policy, BooleanSupplier rollsBack, LoadRegistry registry, Memory memory, EventSink events, Accounts accounts,
                 LastReferences lastReferences, FieldReader fields, CloseWatcher closeWatcher, Consumer<Object> sessionCloser, Trouble trouble) {
        this.policy = policy;
        this.rollsBack = rollsBack;
        this.registry = registry;
        this.memory = memory;
        this.events = events;
        this.accounts = accounts;
        this.closeWatcher = closeWatcher;
        this.trouble = trouble;
        judge = new Judge(policy.timeoutExceptions());
        collector = new Collector(lastReferences, trouble);
        parts = new Parts(fields, collector);
        lingering = new Lingering(policy.graceNanos(), events);
        ladder = new Ladder(policy, collector, new CloseRung(policy, collector, sessionCloser, registry, closeWatcher, memory, events), memory, events);
    }

    /** Whether something may change without a load telling. */
    boolean needAttention() {
        for (Case c : cases.values()) {
            if (c.phase != Phase.PROOF || c.collections < PROOF_COLLECTIONS) {
                return true;
            }
        }
        for (Case c : recheck) {
            if (!c.lookedAgain) {
                return true;
            }
        }
        return false;
    }

    /** Something about this load has changed. */
    void look(Load load) {
        if (!registry.undecided().contains(load)) {
            // decided already: it became quiet and was queued again while the worker looked at it
            return;
        }
        Judgement judgement = judge.judge(load);
        Case c = cases.get(load);
        if (c != null) {
            c.judgement = judgement;
            return;
        }
        switch (judgement) {
            case RUNNING -> { }
            // its result may yet become a late one: by then a close of it has to be heard of
            case CARRIED -> {
                watchClose(load);
                parts.learn(load);
            }
            case COMPLETED, FAILED -> {
                if (judgement == Judgement.FAILED && policy.onFailure()) {
                    open(load, judgement);
                } else if (load.quiet()) {
                    commit(load, judgement);
                }
            }
            case TIMED_OUT, ABANDONED, GIVEN_UP -> open(load, judgement);
        }
    }

    /** Takes every case as far as it goes; asks for one collection for all that need one. */
    void climb() {
        long now = System.nanoTime();
        boolean collect = false;
        for (Case c : List.copyOf(cases.values())) {
            stepGuarded(c, now);
            collect |= c.wantsCollection;
        }
        purge(now);
        if (collect && collector.mayRequest(now)) {
            collect();
        }
        recheck(now);
    }

    /** One purge for all cases that have come so far; those on their way are waited for a little. */
    private void purge(long now) {
        List<Case> waiting = new ArrayList<>();
        boolean othersComing = false;
        long oldestNanos = now;
        for (Case c : cases.values()) {
            if (c.phase == Phase.PURGE) {
                waiting.add(c);
                oldestNanos = Math.min(oldestNanos, c.phaseNanos);
            } else {
                othersComing |= c.phase.compareTo(Phase.PROOF) > 0 && c.phase != Phase.DONE || c.phase == Phase.PROOF && c.collections < PROOF_COLLECTIONS;
            }
        }
        if (!waiting.isEmpty() && ladder.mayPurge(now) && (!othersComing || now - oldestNanos > COMPANY_NANOS)) {
            ladder.purge(waiting);
            for (Case c : waiting) {
                finish(c);
            }
        }
    }

    private void collect() {
        for (Case c : cases.values()) {
            if (c.wantsCollection) {
                c.wantsCollection = false;
                c.nextCollectionNanos = System.nanoTime() + (PROOF_WAIT_NANOS << c.collections);
                c.collections++;
                c.provenByOwnCollection = true;
                c.proof.renew();
            }
        }
        collector.collect();
    }

    // ---- the way of one case

    private void open(Load load, Judgement judgement) {
        Case c = new Case(load);
        c.judgement = judgement;
        c.proof = new Proof(collector, parts, load);
        cases.put(load, c);
        if (judgement != Judgement.GIVEN_UP) {
            announce(c);
        }
    }

    /** What goes wrong with one load costs that load its rollback, and no other. */
    private void stepGuarded(Case c, long now) {
        try {
            step(c, now);
        } catch (Throwable t) {
            trouble.report("rollback ".concat(c.phase.name()), t, "this load is not rolled back any further");
            drop(c);
        }
    }

    /** Loads of the same thing; a retry may have found the files of the load that it retries. */
    private static String nameOf(Load load) {
        return load.site().id() + "/" + load.label();
    }

    private void step(Case c, long now) {
        Long completed = completedNanos.get(nameOf(c.load));
        c.retriedWell |= completed != null && completed - c.load.startNanos() > 0;
        if (c.phase == Phase.QUIET) {
            awaitQuiet(c, now);
        }
        if (c.phase == Phase.PROOF) {
            prove(c, now);
        }
        ladder.climb(c);
        if (c.heldBy != null) {
            events.event(Verdict.heldBy(c.heldBy).event(c, memory.residentBytes()));
            drop(c);
        }
    }

    private void awaitQuiet(Case c, long now) {
        if (c.load.quiet() && c.load.futures().haveCarriersEnded()) {
            watchClose(c.load);
            c.enter(Phase.PROOF, now);
            return;
        }
        if (c.judgement == Judgement.GIVEN_UP && registry.isWaitedOn(c.load)) {
            // a caller that polls with short limits: it has not gone away
            c.waitedOnNanos = now;
        }
        if (!c.heldReported && now - c.waitedOnNanos > policy.graceNanos()) {
            c.heldReported = true;
            events.event(LoadEvents.about(c.load, Level.WARN, "rollback.step").with("step", "wait").with("waitedMs", TimeUnit.NANOSECONDS.toMillis(now - c.sinceNanos))
                .with("holders", Holders.of(c.load)));
            events.event(Verdict.heldByThread(c.load).event(c, memory.residentBytes()));
        }
    }

    /** Waits until the garbage collector has said whether the load's future and result can still be reached. */
    private void prove(Case c, long now) {
        c.judgement = judge.judge(c.load);
        if (c.judgement == Judgement.COMPLETED || c.judgement == Judgement.FAILED && !policy.onFailure()) {
            // its result was read after all
            cases.remove(c.load);
            c.proof.forget();
            commit(c.load, c.judgement);
            return;
        }
        long epoch = collector.epoch();
        if (c.epoch < 0) {
            c.epoch = epoch;
        } else if (epoch > c.epoch) {
            weigh(c, now);
        }
        if (c.phase == Phase.PROOF) {
            boolean nothingToProve = c.judgement != Judgement.GIVEN_UP && c.load.result() == null && c.load.thrown() != null
                && c.load.ledger().liveCount(ResourceKind.TRACKED) == 0;
            if (nothingToProve) {
                proven(c, now);
            } else {
                c.wantsCollection = policy.gc() && !policy.never() && rollsBack.getAsBoolean() && c.collections < PROOF_COLLECTIONS
                    && now - c.nextCollectionNanos >= 0;
            }
        }
    }

    private void weigh(Case c, long now) {
        c.epoch = collector.epoch();
        boolean unreadable = c.judgement != Judgement.GIVEN_UP || c.load.futures().unreachable();
        boolean own = c.provenByOwnCollection;
        c.provenByOwnCollection = false;
        if (unreadable && c.proof.resultFree()) {
            if (!c.proof.hasResult() || own && c.proof.isComplete()) {
                proven(c, now);
            } else {
                // a collection of the program's: what was listed before it is old; one of our own has to confirm it
                c.collections = Math.min(c.collections, PROOF_COLLECTIONS - 1);
                c.nextCollectionNanos = now;
            }
            return;
        }
        if (unreadable && c.collections >= PROOF_COLLECTIONS) {
            inUse(c);
        }
    }

    /**
     * Nobody can read the result through its future, but somebody has it: it was published, and is the program's from now on. Were it dropped later, Ebb
     * could not know who has freed it by then, and in which way.
     */
    private void inUse(Case c) {
        announce(c);
        events.event(Verdict.live(c.proof.holder()).event(c, memory.residentBytes()));
        drop(c);
    }

    private void watchClose(Load load) {
        Object result = load.result() == null ? null : load.result().reachable();
        if (result instanceof AutoCloseable) {
            closeWatcher.watch(result.getClass());
        }
    }

    private void proven(Case c, long now) {
        announce(c);
        if (policy.never()) {
            drop(c);
        } else if (!rollsBack.getAsBoolean()) {
            ladder.pretend(c);
            drop(c);
        } else {
            c.enter(Phase.CLOSE, now);
        }
    }

    private void drop(Case c) {
        cases.remove(c.load);
        c.proof.forget();
        forget(c.load);
        c.enter(Phase.DONE, System.nanoTime());
    }

    /** Puts the outcome into the log, once. */
    private void announce(Case c) {
        if (!c.announced) {
            c.announced = true;
            c.cause = judge.cause(c.load, c.judgement);
            Outcome outcome = c.judgement.outcome();
            accounts.ended(outcome, c.load.durationNanos(), LoadEvents.offHeapBytes(c.load));
            events.event(LoadEvents.ended(c.load, Level.INFO, outcome.text(), c.cause).with("running", c.load.left() ? null : Boolean.TRUE));
        }
    }

    private void commit(Load load, Judgement judgement) {
        if (!lingering.wasSaid(load)) {
            sayEnd(load, judgement);
        }
        forget(load);
    }

    private void sayEnd(Load load, Judgement judgement) {
        if (judgement == Judgement.COMPLETED) {
            completedNanos.put(nameOf(load), System.nanoTime());
        }
        accounts.ended(judgement.outcome(), load.durationNanos(), LoadEvents.offHeapBytes(load));
        events.event(LoadEvents.ended(load, Level.INFO, judgement.outcome().text(), judge.cause(load, judgement)));
    }

    /** Loads that ended and are not quiet after the grace; to be called about once a second. */
    void lookAtLingering() {
        // what was forgotten meanwhile is let go of here
        collector.epoch();
        for (Load load : registry.undecided()) {
            Case c = cases.get(load);
            Judgement judgement = c == null ? judge.judge(load) : c.judgement;
            boolean due = !load.quiet() && judgement.outcome() != null && judgement != Judgement.GIVEN_UP && lingering.isDue(load);
            if (due && c == null) {
                sayEnd(load, judgement);
            }
            if (due || lingering.wasSaid(load)) {
                lingering.nameThreads(load);
            }
        }
    }

    private void finish(Case c) {
        long rss = memory.residentBytes();
        c.rssAfterBytes = rss;
        c.rollbackNanos = System.nanoTime() - c.sinceNanos;
        Verdict verdict = Verdict.of(c, rss);
        accounts.rolledBack(c.rollbackNanos, c.purged == null ? 0 : c.purged.nanos());
        events.event(LoadEvents.about(c.load, Level.INFO, "rollback.done").with("rollbackMs", TimeUnit.NANOSECONDS.toMillis(c.rollbackNanos))
            .bytes("returnedBytes", Math.max(0, c.load.rssPeakBytes() - rss)).with("resultClosed", c.resultClosed));
        events.event(verdict.event(c, rss));
        drop(c);
        recheck.add(c);
    }

    /** RSS once more, a little later and 30 s later: what comes back by itself, or an allocator gives back late. */
    private void recheck(long now) {
        for (Case c : List.copyOf(recheck)) {
            if (!c.lookedAgain && now - c.phaseNanos > AGAIN_NANOS) {
                c.lookedAgain = true;
                if (registry.undecided().isEmpty()) {
                    ladder.purgeAgain(c);
                }
            }
            if (now - c.phaseNanos > RECHECK_NANOS) {
                recheck.remove(c);
                long rss = memory.residentBytes();
                events.event(LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", "recheck").bytes("rssAfterBytes", rss)
                    .ratio("ebb", Verdict.ebb(c.load, rss)).with("openLoads", registry.undecided().size()));
            }
        }
    }

    private void forget(Load load) {
        for (Resource resource : load.ledger().live()) {
            if (resource instanceof ObjectResource) {
                collector.forget(((ObjectResource) resource).last());
                ((ObjectResource) resource).last(null);
            }
        }
        if (load.result() != null) {
            collector.forget(load.result().last());
            load.result().keptReferences().forEach(collector::forget);
        }
        load.forget();
        registry.decided(load);
    }
}
