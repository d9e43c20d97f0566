package dev.ebb.rollback;

import dev.ebb.load.ResourceKind;
import dev.ebb.rollback.Judge.Judgement;
import java.util.concurrent.TimeUnit;

/**
 * Between quiet and the closing: waits until the garbage collector has said whether the future and the result of a load can still be reached. One collection
 * serves all loads that need one; while Ebb only watches, none is asked for. Used by the worker alone.
 */
final class ProofRung {
    /**
     * Collections asked for to prove one load, each after twice the wait of the one before: at once, and after 0.25, 0.75, 1.75 and 3.75 s. Callers and pool
     * threads let go of what they hold within that time, if they do at all.
     */
    private static final int COLLECTIONS = 5;
    /** What an engine shares between all that it makes will not be let go of by waiting for it: then what it made for this load is closed without the result that holds both. */
    private static final int COLLECTIONS_APART = 2;
    /**
     * Where collections are not asked for (by the user's word, while Ebb only watches, or in vain), one that the program causes may look at young objects only,
     * and prove nothing of others: so long it is waited.
     */
    private static final long NATURAL_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Policy policy;
    private final Rungs rungs;
    private final Judge judge;
    private final Collector collector;

    /** What became of the load. */
    enum Answer {
        NOT_YET,
        /** Its result was read after all, or it only failed: it is to be committed. */
        WANTED,
        /** Nobody can reach what it made. */
        FREE,
        /** Nobody can read the result through its future, but somebody has it. */
        IN_USE
    }

    ProofRung(Policy policy, Rungs rungs, Judge judge, Collector collector) {
        this.policy = policy;
        this.rungs = rungs;
        this.judge = judge;
        this.collector = collector;
    }

    /** Whether the case is being proven and collections are left to do so. */
    static boolean goesOn(Case c) {
        return c.phase == Case.Phase.PROOF && c.collections < limit(c);
    }

    Answer ask(Case c, long now) {
        c.judgement = judge.judge(c.load);
        if (c.judgement == Judgement.COMPLETED || c.judgement == Judgement.FAILED && !policy.onFailure()) {
            return Answer.WANTED;
        }
        c.wantsCollection = false;
        long epoch = collector.epoch();
        Answer answer = Answer.NOT_YET;
        if (c.epoch < 0) {
            c.epoch = epoch;
            if (!asks()) {
                c.proof.renew();
            }
        } else if (epoch > c.epoch) {
            answer = weigh(c, now);
        }
        if (answer != Answer.NOT_YET || nothingToProve(c)) {
            return answer == Answer.NOT_YET ? Answer.FREE : answer;
        }
        c.wantsCollection = asks() && c.collections < limit(c) && now - c.nextCollectionNanos >= 0;
        return Answer.NOT_YET;
    }

    private boolean asks() {
        return rungs.acts(Rung.COLLECT) && collector.canAsk();
    }

    /** What came out of the last collection is asked for once more. */
    private static int limit(Case c) {
        return c.proof.awaitsConfirmation() ? COLLECTIONS + 1 : COLLECTIONS;
    }

    private static boolean nothingToProve(Case c) {
        return c.judgement != Judgement.GIVEN_UP && c.load.result() == null && c.load.thrown() != null
            && c.load.ledger().liveCount(ResourceKind.TRACKED) == 0;
    }

    private Answer weigh(Case c, long now) {
        c.epoch = collector.epoch();
        boolean unreadable = c.judgement != Judgement.GIVEN_UP || c.load.futures().unreachable();
        if (!asks()) {
            return weighNatural(c, now, unreadable);
        }
        boolean own = c.provenByOwnCollection;
        c.provenByOwnCollection = false;
        if (unreadable && c.proof.resultFree()) {
            // more collections may free them
            if (c.collections < limit(c) && !c.proof.handlesFree()) {
                return Answer.NOT_YET;
            }
            if (!c.proof.hasResult() || (own || collector.isConcurrent()) && c.proof.isComplete()) {
                return Answer.FREE;
            }
            // a collection of the program's: what was listed before it is old; one of our own has to confirm it
            c.collections = Math.min(c.collections, COLLECTIONS - 1);
            c.nextCollectionNanos = now;
            return Answer.NOT_YET;
        }
        if (unreadable && own && c.collections >= COLLECTIONS_APART && !c.proof.handlesApart().isEmpty()) {
            return Answer.IN_USE;
        }
        boolean waitsForOthers = (collector.isDeaf() || collector.isConcurrent()) && now - c.sinceNanos < NATURAL_NANOS;
        return unreadable && c.collections >= limit(c) && !waitsForOthers ? Answer.IN_USE : Answer.NOT_YET;
    }

    /**
     * A collection that the program has caused, while Ebb asks for none. The parts were listed before it; what the result has now must be among what came out,
     * and nobody can change that any more.
     */
    private Answer weighNatural(Case c, long now, boolean unreadable) {
        c.collections++;
        if (c.proof.awaitsConfirmation()) {
            if (c.proof.isStale()) {
                // the result is in hand, and keeps what it holds from being confirmed
                c.proof.renew();
            }
            return Answer.NOT_YET;
        }
        if (unreadable && c.proof.resultFree() && (!c.proof.hasResult() || c.proof.isComplete())) {
            return Answer.FREE;
        }
        boolean over = unreadable && c.collections >= COLLECTIONS && now - c.sinceNanos >= NATURAL_NANOS;
        if (!over && c.proof.isStale()) {
            c.proof.renew();
        }
        return over ? Answer.IN_USE : Answer.NOT_YET;
    }

    /** One is about to be made: whoever may be proven by it is, whether it was due or not. */
    void beforeCollection(Case c) {
        if (c.wantsCollection) {
            c.nextCollectionNanos = System.nanoTime() + (WAIT_NANOS << c.collections);
            c.collections++;
        }
        if (asks() && c.collections <= limit(c)) {
            c.provenByOwnCollection = true;
            c.proof.renew();
        }
    }
}
