package dev.ebb.rollback;

import dev.ebb.load.CloseMethod;
import dev.ebb.load.CloseWatcher;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.LateResult;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Memory;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import dev.ebb.load.TrackedResource;
import dev.ebb.rollback.Case.Phase;
import java.io.Closeable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The rung that closes: the result of a late load by proof or by declaration, and what else the load opened by proof, or by force where later use of it gets
 * an exception and never a crash. Nothing is tried a second time, and nothing while a thread is inside it. Used by the worker alone.
 */
final class CloseRung {
    /** How long a close may take, or be held up, before that is said. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** How long a close may take, or be held up, before the rollback ends there. */
    private static final long HELD_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** The longest wait between two looks for threads that use what is to be closed. */
    private static final long USERS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Policy policy;
    private final Collector collector;
    private final Consumer<Object> sessionCloser;
    private final LoadRegistry registry;
    private final CloseWatcher closeWatcher;
    private final Memory memory;
    private final EventSink events;

    /** @param sessionCloser closes a session of foreign memory; throws what the session throws */
    CloseRung(Policy policy, Collector collector, Consumer<Object> sessionCloser, LoadRegistry registry, CloseWatcher closeWatcher, Memory memory,
              EventSink events) {
        this.policy = policy;
        this.collector = collector;
        this.sessionCloser = sessionCloser;
        this.registry = registry;
        this.closeWatcher = closeWatcher;
        this.memory = memory;
        this.events = events;
    }

    /** True once all closes of this phase are through; starts them at the first call. */
    boolean isDone(Case c) {
        if (!policy.close()) {
            return true;
        }
        if (c.closing == null) {
            if (System.nanoTime() - c.nextUsersNanos < 0) {
                return false;
            }
            // each look stops the JVM for as long as it takes to walk all stacks
            c.usersWaitNanos = Math.min(2 * c.usersWaitNanos, USERS_NANOS);
            c.nextUsersNanos = System.nanoTime() + c.usersWaitNanos;
            if (isUsed(c)) {
                hold(c, "still used by " + Holders.describe(c.users.iterator().next()));
                return false;
            }
            startClosing(c);
            return false;
        }
        if (!c.closing.finished()) {
            hold(c, c.closing.holder());
            return false;
        }
        settle(c);
        return true;
    }

    /**
     * Whether a thread may be inside what is to be closed. Nobody has been able to enter it since it was proven, so each thread that was in code of its
     * classes then has to be seen outside once; that others come and go there, in objects that live on, does not matter.
     */
    private boolean isUsed(Case c) {
        Set<Thread> inside = users(c).inside();
        if (c.users == null) {
            c.users = inside;
        }
        c.users.retainAll(inside);
        return !c.users.isEmpty();
    }

    private Users users(Case c) {
        Users users = new Users();
        // the engine's own threads may be in it until it is shut down: then the user's word is the right to close it
        boolean declared = c.load.site().close() != null && c.load.site().close().unpublished();
        Object result = c.phase == Phase.CLOSE && !declared ? resultToClose(c) : null;
        if (result != null) {
            users.add(result.getClass());
            c.proof.partClasses().forEach(users::add);
        }
        for (Resource resource : c.load.ledger().live()) {
            if (resource.kind() == ResourceKind.TRACKED && collector.hasHandedOver(((ObjectResource) resource).last())) {
                users.add(((ObjectResource) resource).last().get().getClass());
            }
        }
        return users;
    }

    /** Says once who keeps the close from going on. */
    private void hold(Case c, String holder) {
        if (System.nanoTime() - c.phaseNanos > HELD_NANOS) {
            // Ebb must not keep for ever what it cannot close, nor go on beside a close that hangs
            c.heldBy = holder;
        } else if (!c.closeHeld && System.nanoTime() - c.phaseNanos > CLOSE_NANOS) {
            c.closeHeld = true;
            events.event(LoadEvents.about(c.load, Level.WARN, "rollback.step").with("step", "close").with("holders", List.of(holder)));
        }
    }

    private void startClosing(Case c) {
        Closing closing = new Closing();
        // from here on nothing is tried a second time, whatever goes wrong
        c.closing = closing;
        c.closeRssBytes = memory.residentBytes();
        c.closeNanos = System.nanoTime();
        if (c.phase == Phase.CLOSE) {
            addResult(c, closing);
        }
        for (Resource resource : c.load.ledger().live()) {
            if (resource instanceof ObjectResource && c.closeTried.add(resource)) {
                addResource(c, closing, (ObjectResource) resource);
            }
        }
        closing.start(c.load, registry, memory);
    }

    private Object resultToClose(Case c) {
        LateResult late = c.load.result();
        if (late == null || late.isClosedByProgram()) {
            return null;
        }
        Object result = c.proof.result();
        return result == null ? late.reachable() : result;
    }

    private void addResult(Case c, Closing closing) {
        LateResult late = c.load.result();
        CloseMethod method = c.load.site().close();
        if (late == null || late.isClosedByProgram()) {
            return;
        }
        Object result = resultToClose(c);
        String what = "result " + late.type();
        if (method != null) {
            Object target = method.onReceiver() ? c.proof.receiver() : result;
            Object[] arguments = c.proof.arguments(method);
            closing.add(what, target, false, () -> true, arguments == null ? () -> {
                throw new IllegalStateException("an argument of the load that ebb.close hands over is gone");
            } : () -> Closer.call(method, target, arguments), () -> c.resultClosed = true);
        } else if (result instanceof AutoCloseable) {
            boolean heard = result instanceof Closeable || closeWatcher.watchedSince(result.getClass(), c.load.leftNanos());
            closing.add(what, result, false, () -> !late.isClosedByProgram(), heard ? ((AutoCloseable) result)::close : () -> {
                throw new IllegalStateException("left alone, since the program may have closed it before Ebb could notice");
            }, () -> c.resultClosed = true);
        }
    }

    /** What the load opened and the close of its result does not close, last opened first. */
    private void addResource(Case c, Closing closing, ObjectResource resource) {
        boolean handle = resource.kind() == ResourceKind.TRACKED;
        boolean proven = collector.hasHandedOver(resource.last());
        // a tracked object may be a native handle, whose later use would crash: by proof only
        Object object = proven ? resource.last().get() : c.load.thrown() != null && !handle ? resource.object() : null;
        boolean unheard = handle && object != null && !closeWatcher.watchedSince(object.getClass(), ((TrackedResource) resource).takenNanos());
        if (object == null || unheard) {
            if (handle) {
                closing.add(resource.what(), null, true, () -> !resource.released(), null, null);
            } else {
                c.closeTried.remove(resource);
            }
            return;
        }
        Closing.Action action = resource.kind() == ResourceKind.ARENA ? () -> sessionCloser.accept(object) : ((AutoCloseable) object)::close;
        closing.add(resource.what(), object, handle, () -> !resource.released(), action, () -> c.load.ledger().release(resource));
    }

    private void settle(Case c) {
        List<String> troubles = c.closing.troubles();
        c.troubles.addAll(troubles);
        if (c.closing.closed() > 0 || !troubles.isEmpty()) {
            events.event(Ladder.step(memory, c, "close", c.closeRssBytes, c.closeNanos).with("closed", c.closing.closed())
                .with("troubles", troubles.isEmpty() ? null : troubles));
        }
        for (Resource resource : c.load.ledger().live()) {
            if (resource instanceof ObjectResource) {
                collector.forget(((ObjectResource) resource).last());
            }
        }
        c.closing = null;
        c.users = null;
    }
}
