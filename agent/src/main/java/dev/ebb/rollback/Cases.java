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
import dev.ebb.load.ReleaseCall;
import dev.ebb.load.ThreadStopper;
import dev.ebb.load.Trouble;
import dev.ebb.rollback.Case.Phase;
import dev.ebb.rollback.Judge.Judgement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The loads that end badly or may have, from "a caller gave up" through quiet and proof to the verdict. Used by the worker alone.
 */
public final class Cases {
    /** Who holds a load that is not quiet is said at the end of the grace, and after 1, 2, 4 … minutes more, and then once an hour. */
    private static final long FIRST_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long LAST_AGAIN_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Policy policy;
    private final Permission permission;
    private final Rungs rungs;
    private final LoadRegistry registry;
    private final Memory memory;
    private final EventSink events;
    private final Judge judge;
    private final Collector collector;
    private final Parts parts;
    private final StopRungs stopping;
    private final ProofRung proving;
    private final DeleteRung deleting;
    private final Ladder ladder;
    private final CollectRung collecting;
    private final PurgeRung purging;
    private final Conclusions conclusions;
    private final Endings endings;
    private final Background background;
    private final Reckoning reckoning;
    private final Rechecks rechecks;
    private final Settling settling = new Settling();
    private final Releases releases;
    private final CloseWatcher closeWatcher;
    private final Accounts accounts;
    private final Map<Load, Case> cases = new LinkedHashMap<>();

    /** Figures of ended loads; on the worker. */
    public interface Accounts {
        void ended(Outcome outcome, long durationNanos, long offHeapBytes);

        void rolledBack(long rollbackNanos);

        /** One purge of all allocators, however many loads it was for. */
        void purged(long nanos, long returnedBytes);

        /** A verdict about a load: the last, or that a thread holds it for now. @param unexplainedBytes by which RSS stays up for no known reason; 0 or less if there are none, or if nobody can tell */
        void concluded(String verdict, long unexplainedBytes);

        /** The program has released what a load had brought in. */
        void released(boolean leaked);
    }

    /**
     * @param sessionCloser closes a session of foreign memory
     * @param stopper throws in a thread, wherever it stands
     * @param retention finds out who holds what is left
     */
    public Cases(Policy policy, Permission permission, LoadRegistry registry, Memory memory, EventSink events, Accounts accounts,
                 LastReferences lastReferences, FieldReader fields, CloseWatcher closeWatcher, Consumer<Object> sessionCloser, Retention retention,
                 ThreadStopper stopper, Trouble trouble) {
        this.policy = policy;
        this.permission = permission;
        this.registry = registry;
        this.memory = memory;
        this.events = events;
        this.closeWatcher = closeWatcher;
        this.accounts = accounts;
        rungs = new Rungs(policy, permission, trouble);
        judge = new Judge(policy.timeoutExceptions());
        collector = new Collector(lastReferences, memory, policy.collectIntervalNanos(), trouble);
        parts = new Parts(fields, collector, closeWatcher);
        stopping = new StopRungs(rungs, policy, judge, registry, stopper, events);
        proving = new ProofRung(policy, rungs, judge, collector);
        Gauge gauge = new Gauge(memory);
        OtherLoads others = new OtherLoads(registry);
        background = new Background(memory, others);
        reckoning = new Reckoning(gauge, others);
        CloseSteps steps = new CloseSteps(collector, closeWatcher, new CloseOrder(fields), sessionCloser);
        CloseRung closing = new CloseRung(policy, collector, steps, new Closers(trouble), registry, gauge, events);
        endings = new Endings(judge, collector, registry, events, accounts, new Lingering(policy, events), others);
        deleting = new DeleteRung(policy, rungs, endings::isBeingRetried, registry, gauge, events);
        Jitter jitter = new Jitter(policy, Math::random);
        purging = new PurgeRung(policy, rungs, jitter, gauge, events, accounts);
        rechecks = new Rechecks(rungs, registry, reckoning, events, purging);
        releases = new Releases(rungs, policy, registry, collector, purging, events, accounts);
        collecting = new CollectRung(policy, jitter, collector, proving, releases, gauge, events);
        ladder = new Ladder(policy, rungs, closing, collecting, deleting, events);
        conclusions = new Conclusions(endings, reckoning, retention, memory, accounts, rechecks, events);
    }

    /** Whether something may change without a load telling. */
    boolean needAttention() {
        for (Case c : cases.values()) {
            if (c.phase != Phase.PROOF || ProofRung.goesOn(c)) {
                return true;
            }
        }
        return !settling.isEmpty() || rechecks.needAttention() || releases.needAttention();
    }

    /** It is open; to be called as often as RSS is sampled. */
    void saw(Load load) {
        background.saw(load);
    }

    /** Something about this load has changed. */
    void look(Load load) {
        try {
            lookAt(load);
        } catch (Throwable t) {
            Case c = cases.get(load);
            if (c != null || load.quiet()) {
                giveUp(c == null ? newCase(load, Judgement.RUNNING) : c, t);
            } else {
                rungs.failed("look", t, "the load goes on, and is looked at again when it has ended");
            }
        }
    }

    private void lookAt(Load load) {
        if (!registry.undecided().contains(load)) {
            // decided already: it became quiet and was queued again while the worker looked at it
            return;
        }
        Judgement judgement = judge.judge(load);
        Case c = cases.get(load);
        if (c != null) {
            c.judgement = judgement;
            stopping.climb(c, System.nanoTime());
            return;
        }
        if (opensCase(judgement)) {
            open(load, judgement);
            return;
        }
        switch (judgement) {
            // its result may yet become a late one: by then a close of it has to be heard of
            case CARRIED -> know(load);
            case COMPLETED, FAILED -> {
                if (load.quiet() && !settling.isTooEarly(load)) {
                    // its task may have ended before anybody looked, and the next result of that kind may be a late one
                    know(load);
                    endings.commit(load, judgement);
                }
            }
            default -> { }
        }
    }

    /** Takes every case as far as it goes; asks for one collection for all that need one. */
    void climb() {
        long now = System.nanoTime();
        settling.settled().forEach(this::look);
        for (Case c : List.copyOf(cases.values())) {
            guarded(c, () -> step(c, now));
        }
        purge(now);
        forgetDone();
        rungs.guarded("release", () -> releases.look(now));
        collect(now);
        rechecks.look(now);
    }

    private void purge(long now) {
        try {
            purging.purge(cases.values(), now);
        } catch (Throwable t) {
            rungs.failed(Rung.PURGE, t);
            purging.leaveOut(cases.values());
        }
        for (Case c : cases.values()) {
            if (c.phase == Phase.VERDICT) {
                guarded(c, () -> conclusions.rolledBack(c));
            }
        }
    }

    private void collect(long now) {
        try {
            collecting.collect(cases.values(), now);
        } catch (Throwable t) {
            rungs.failed(Rung.COLLECT, t);
        }
    }

    /** The program ends: what has completed is said without waiting for callers that may yet give up. */
    void end() {
        settling.end();
        settling.settled().forEach(this::look);
    }

    /** The program has called a method that releases. */
    void released(ReleaseCall call) {
        releases.called(call);
    }

    /** To be called about once a second: loads that ended and are not quiet after the grace, deletions that an earlier process has left unfinished. */
    void tick() {
        rungs.guarded("background", background::look);
        rungs.guarded("deletions", deleting::tick);
        // what was forgotten meanwhile is let go of here
        rungs.guarded("last references", collector::letGo);
        for (Load load : registry.undecided()) {
            rungs.guarded("lingering", () -> lookAtLingering(load));
        }
    }

    private void lookAtLingering(Load load) {
        Case c = cases.get(load);
        Judgement judgement = c == null ? judge.judge(load) : c.judgement;
        // of one that is about to become a case the end is said then: the worker may not have come to it yet
        endings.lookAtLingering(load, judgement, c != null || opensCase(judgement));
    }

    private boolean opensCase(Judgement judgement) {
        return switch (judgement) {
            case TIMED_OUT, ABANDONED, GIVEN_UP -> true;
            case FAILED -> policy.onFailure();
            default -> false;
        };
    }

    private void open(Load load, Judgement judgement) {
        Case c = newCase(load, judgement);
        cases.put(load, c);
        if (judgement != Judgement.GIVEN_UP) {
            endings.announce(c);
        }
        stopping.climb(c, System.nanoTime());
    }

    private Case newCase(Load load, Judgement judgement) {
        Case c = new Case(load);
        c.judgement = judgement;
        c.proof = new Proof(collector, parts, load);
        return c;
    }

    /** What goes wrong with one load costs that load its rollback, and no other. */
    private void guarded(Case c, Runnable step) {
        try {
            step.run();
        } catch (Throwable t) {
            giveUp(c, t);
        }
    }

    private void giveUp(Case c, Throwable fault) {
        rungs.failed(c.phase.name(), fault, "this load is not rolled back any further");
        rungs.guarded("verdict", () -> conclusions.broken(c, fault));
    }

    private void step(Case c, long now) {
        c.retriedWell |= endings.retriedWell(c.load);
        if (c.phase == Phase.QUIET) {
            awaitQuiet(c, now);
        }
        if (c.phase == Phase.PROOF) {
            prove(c, now);
        }
        ladder.climb(c);
        if (c.phase == Phase.DELETE_LATE && ladder.filesAreDone(c)) {
            conclusions.filesAreDone(c);
        }
        if (c.heldBy != null) {
            conclusions.held(c);
        }
    }

    private void awaitQuiet(Case c, long now) {
        if (c.load.quiet() && c.load.futures().haveCarriersEnded()) {
            watchClose(c.load);
            c.enter(Phase.PROOF, now);
            return;
        }
        if (c.judgement == Judgement.GIVEN_UP) {
            // a caller that polls with short limits has not gone away, whatever it does between
            c.waitedOnNanos = registry.isWaitedOn(c.load) ? now : later(c.waitedOnNanos, c.load.futures().gaveUpNanos());
        }
        presume(c, now);
        stopping.climb(c, now);
        if (!c.heldReported && now - c.waitedOnNanos > policy.graceNanos()) {
            c.heldReported = true;
            sayHolders(c, now, FIRST_AGAIN_NANOS);
            Event verdict = Verdict.heldByThread(c.load).event(c, memory.residentBytes());
            accounts.concluded(String.valueOf(verdict.value("verdict")), 0);
            events.event(verdict);
        } else if (c.heldReported && now - c.sayHoldersNanos > 0) {
            sayHolders(c, now, Math.min(2 * c.sayHoldersAgainNanos, LAST_AGAIN_NANOS));
        }
    }

    /** @param againNanos when to say it again, if it is still so then */
    private void sayHolders(Case c, long now, long againNanos) {
        c.sayHoldersAgainNanos = againNanos;
        c.sayHoldersNanos = now + againNanos;
        events.event(LoadEvents.about(c.load, Level.WARN, "rollback.step").with("step", "wait").with("waitedMs", TimeUnit.NANOSECONDS.toMillis(now - c.sinceNanos))
            .with("holders", Holders.of(c.load)));
    }

    private static long later(long nanos, long otherNanos) {
        return nanos - otherNanos > 0 ? nanos : otherNanos;
    }

    /** The user lets Ebb take a load for abandoned that its callers have not come back to; one who polls comes back each time. */
    private void presume(Case c, long now) {
        long after = policy.abandonAfterNanos();
        boolean presumed = c.judgement == Judgement.GIVEN_UP && after >= 0 && now - c.waitedOnNanos > after && !registry.isWanted(c.load);
        if (presumed) {
            c.load.futures().presumeGone();
            c.judgement = judge.judge(c.load);
            if (c.judgement == Judgement.ABANDONED) {
                endings.announce(c);
            }
        }
    }

    private void prove(Case c, long now) {
        switch (proving.ask(c, now)) {
            case NOT_YET -> { }
            case WANTED -> endings.commit(c);
            case FREE -> proven(c, now);
            case IN_USE -> inUse(c, now);
        }
    }

    private void inUse(Case c, long now) {
        List<ObjectResource> apart = c.proof.handlesApart();
        if (apart.isEmpty()) {
            endings.announce(c);
            conclusions.live(c);
        } else {
            c.apart = apart;
            c.resultLeft = c.proof.holder();
            c.apartClasses = c.proof.partClasses();
            // it would count as somebody who uses the handles
            c.proof.forget();
            proven(c, now);
        }
    }

    private void proven(Case c, long now) {
        endings.announce(c);
        if (policy.never()) {
            endings.drop(c);
        } else if (!permission.granted()) {
            ladder.sayOnly(c);
            conclusions.observed(c);
        } else {
            reckoning.begin(c);
            c.enter(Phase.CLOSE, now);
        }
    }

    /** What can be learned of results by one that may be a good one: their class, and what they share with everything. */
    private void know(Load load) {
        rungs.guarded("learn", () -> {
            watchClose(load);
            parts.learn(load);
        });
    }

    private void watchClose(Load load) {
        Object result = load.result() == null ? null : load.result().reachable();
        if (result instanceof AutoCloseable) {
            closeWatcher.watch(result.getClass());
        }
    }

    private void forgetDone() {
        cases.values().removeIf(c -> c.phase == Phase.DONE);
    }
}
