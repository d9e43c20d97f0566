package dev.ebb.rollback;

import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import dev.ebb.rollback.Case.Phase;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The rung that closes: when, and what becomes of it. Nothing is closed while a thread is inside it. Used by the worker alone. */
final class CloseRung {
    /** How long a close may take, or be held up, before that is said. */
    private static final long SAID_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** How long it may be held up before the rollback ends there: Ebb must not keep for ever what it cannot close. */
    private static final long HELD_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** And so often it has to be looked for the threads that were inside: on a busy machine looks are far apart, and each chance to see them outside counts. */
    private static final int LOOKS = 200;
    private static final long LONGEST_HELD_NANOS = TimeUnit.MINUTES.toNanos(10);
    /** Most closes take less: so long the worker waits for one, so that the next load has its turn at once and not at the worker's next look. */
    private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Policy policy;
    private final Collector collector;
    private final CloseSteps steps;
    private final Closers closers;
    private final LoadRegistry registry;
    private final Gauge gauge;
    private final EventSink events;

    CloseRung(Policy policy, Collector collector, CloseSteps steps, Closers closers, LoadRegistry registry, Gauge gauge, EventSink events) {
        this.policy = policy;
        this.collector = collector;
        this.steps = steps;
        this.closers = closers;
        this.registry = registry;
        this.gauge = gauge;
        this.events = events;
    }

    /** True once all closes of this phase are through; starts them at the first call. */
    boolean isDone(Case c) {
        if (!policy.close()) {
            return true;
        }
        if (c.closing == null && !begins(c)) {
            return false;
        }
        if (!c.closing.finished()) {
            watch(c);
            return false;
        }
        settle(c);
        return true;
    }

    /** False while somebody is inside what is to be closed, or no thread is free to close it. */
    private boolean begins(Case c) {
        Users users = users(c);
        if (c.users == null || !c.users.areOf(users)) {
            // more has been handed over since the last look: whoever is inside that
            c.users = users;
        }
        String user = c.users.find();
        if (user != null) {
            hold(c, "still used by " + user);
            return false;
        }
        Closing closing = new Closing(c.load, closers, registry, gauge.memory(), events);
        if (!closers.begin(closing)) {
            return false;
        }
        try {
            String first = steps.userInHand(c);
            if (first == null) {
                start(c, closing);
            } else {
                hold(c, "used by " + first + " of another load, which is not closed yet");
            }
        } finally {
            if (c.closing == null) {
                closing.end();
            }
        }
        return c.closing != null;
    }

    private void start(Case c, Closing closing) {
        steps.addTo(closing, c);
        c.closePlan = closing.plan();
        c.closeMark = gauge.begin();
        c.closing = closing;
        closing.start();
        closing.awaitEnd(SHORT_NANOS);
    }

    /** Whether closes of this load have been begun, and are to be watched to their end. */
    boolean goesOn(Case c) {
        return c.closing != null;
    }

    /** After a fault of Ebb's own: no further close is begun. One that goes on holds back whatever must not be done beside it, as one that hangs does. */
    void leave(Case c) {
        Closing closing = c.closing;
        c.closing = null;
        c.users = null;
        if (closing != null) {
            closing.abandon();
            keepResults(c, closing);
        }
    }

    private static void keepResults(Case c, Closing closing) {
        c.troubles.addAll(closing.troubles());
        c.hanging.addAll(closing.hanging());
        if (!closing.hanging().isEmpty()) {
            c.hangingCloses.add(closing);
        }
    }

    /** What this phase would close now, in order: found as for closing it, and left. */
    List<String> plan(Case c) {
        Closing closing = new Closing(c.load, closers, registry, gauge.memory(), events);
        if (policy.close()) {
            steps.addTo(closing, c);
        }
        return closing.plan();
    }

    private Users users(Case c) {
        Users users = new Users(closers::isCloser);
        // the engine's own threads may be in it until it is shut down: then the user's word is the right to close it
        boolean declared = c.load.site().close() != null && c.load.site().close().unpublished();
        Object result = c.phase == Phase.CLOSE && !declared ? steps.resultToClose(c) : null;
        if (result != null) {
            users.add(result.getClass());
            c.proof.partClasses().forEach(users::add);
        }
        c.apartClasses.forEach(users::add);
        for (Resource resource : c.load.ledger().live()) {
            if (resource.kind() == ResourceKind.TRACKED && collector.hasHandedOver(((ObjectResource) resource).last())) {
                users.add(((ObjectResource) resource).last().get().getClass());
            }
        }
        return users;
    }

    private void hold(Case c, String holder) {
        long nanos = System.nanoTime() - c.phaseNanos;
        if (nanos > HELD_NANOS && c.users.looks() >= LOOKS || nanos > LONGEST_HELD_NANOS) {
            c.heldBy = holder;
        } else if (nanos > SAID_NANOS) {
            say(c, holder);
        }
    }

    /** Who keeps the close from going on, once. */
    private void say(Case c, String holder) {
        if (!c.closeHeld) {
            c.closeHeld = true;
            events.event(LoadEvents.about(c.load, Level.WARN, "rollback.step").with("step", "close").with("holders", List.of(holder)));
        }
    }

    private void watch(Case c) {
        long now = System.nanoTime();
        String slow = c.closing.longerThan(Math.min(SAID_NANOS, policy.closeTimeoutNanos()), now);
        if (slow != null) {
            say(c, slow);
            c.closing.leaveLongerThan(policy.closeTimeoutNanos(), now);
        }
    }

    private void settle(Case c) {
        Closing closing = c.closing;
        c.closing = null;
        c.users = null;
        keepResults(c, closing);
        List<String> troubles = closing.troubles();
        if (closing.closed() > 0 || !troubles.isEmpty() || !closing.hanging().isEmpty()) {
            events.event(Ladder.step(gauge, c, "close", c.closeMark).with("closed", closing.closed()).with("closes", c.closePlan)
                .with("resultLeft", c.resultLeft)
                .with("hanging", closing.hanging().isEmpty() ? null : closing.hanging().size())
                .with("troubles", troubles.isEmpty() ? null : troubles));
        }
        for (Resource resource : c.load.ledger().live()) {
            if (resource instanceof ObjectResource) {
                collector.forget(((ObjectResource) resource).last());
            }
        }
    }
}
