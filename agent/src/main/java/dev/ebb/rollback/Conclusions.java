package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.Memory;
import dev.ebb.rollback.Case.Phase;
import dev.ebb.rollback.Judge.Judgement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Says the last word about each case, once, whatever goes wrong: where the bytes of its load are now. Used by the worker alone. */
final class Conclusions {
    private final Endings endings;
    private final Reckoning reckoning;
    private final Retention retention;
    private final Memory memory;
    private final Cases.Accounts accounts;
    private final Rechecks rechecks;
    private final EventSink events;

    Conclusions(Endings endings, Reckoning reckoning, Retention retention, Memory memory, Cases.Accounts accounts, Rechecks rechecks, EventSink events) {
        this.endings = endings;
        this.reckoning = reckoning;
        this.retention = retention;
        this.memory = memory;
        this.accounts = accounts;
        this.rechecks = rechecks;
        this.events = events;
    }

    /** All rungs are behind it. Its files may have to wait. */
    void rolledBack(Case c) {
        c.verdictNanos = System.nanoTime();
        c.rollbackNanos = c.verdictNanos - c.sinceNanos;
        c.paths = retention.of(c.load, Survivors.of(c.load));
        Balance balance = reckoning.of(c, true);
        c.rssAfterBytes = balance.rss().after().totalBytes();
        accounts.rolledBack(c.rollbackNanos);
        events.event(LoadEvents.about(c.load, Level.INFO, "rollback.done").with("rollbackMs", TimeUnit.NANOSECONDS.toMillis(c.rollbackNanos))
            .bytes("returnedBytes", Math.max(0, balance.fellBytes())).with("resultClosed", c.resultClosed));
        say(c, balance);
        rechecks.add(c);
        if (c.filesWait) {
            c.enter(Phase.DELETE_LATE, System.nanoTime());
        } else {
            endings.drop(c);
        }
    }

    /** The files that had to wait are gone, or stay: the verdict is said again. */
    void filesAreDone(Case c) {
        say(c, reckoning.of(c, false));
        endings.drop(c);
    }

    /** Ebb only watches. */
    void observed(Case c) {
        retention.remember(c.load, Survivors.of(c.load));
        say(c, reckoning.of(c, false));
        endings.drop(c);
    }

    /** It was published, and is the program's from now on: were it dropped later, Ebb could not know who has freed it by then, and in which way. */
    void live(Case c) {
        c.paths = retention.of(c.load, Survivors.of(c.proof.held()));
        say(c, Verdict.live(c).event(c, memory.residentBytes()));
        endings.drop(c);
    }

    /** Somebody has kept it from being closed for too long. */
    void held(Case c) {
        say(c, Verdict.heldBy(c.heldBy).event(c, memory.residentBytes()));
        endings.drop(c);
    }

    /** A fault of Ebb's own ends the case, wherever it stands; throws what goes wrong even then, after which nothing more can be done. */
    void broken(Case c, Throwable fault) {
        try {
            if (!c.concluded) {
                endings.announce(c, c.judgement == Judgement.GIVEN_UP ? "caller timed out; whether anybody can read the result is not known" : null);
                say(c, broken(c, "a fault of Ebb's own has ended the rollback, see trouble in the log: " + fault));
            }
        } finally {
            endings.drop(c);
        }
    }

    /** As much as can still be told. */
    private Event broken(Case c, String holder) {
        c.trouble(holder);
        try {
            if (c.load.quiet()) {
                Balance balance = reckoning.of(c, false);
                return Verdict.of(c, balance).event(c, balance);
            }
            List<String> holders = new ArrayList<>(Holders.of(c.load));
            holders.add(0, holder);
            return Verdict.heldBy(holders).event(c, memory.residentBytes());
        } catch (RuntimeException | Error again) {
            return LoadEvents.about(c.load, Level.INFO, "verdict").with("verdict", "unexplained")
                .with("outcome", c.judgement.outcome() == null ? null : c.judgement.outcome().text()).with("holders", c.troubles);
        }
    }

    private void say(Case c, Balance balance) {
        Verdict verdict = Verdict.of(c, balance);
        c.verdict = verdict.text();
        c.filesLeft = DeleteRung.created(c);
        say(c, verdict.event(c, balance));
    }

    private void say(Case c, Event verdict) {
        if (!c.concluded) {
            accounts.concluded(String.valueOf(verdict.value("verdict")), verdict.number("unexplainedBytes"));
        }
        // before it is written: what fails from here on must not have it said twice
        c.concluded = true;
        events.event(verdict);
    }
}
