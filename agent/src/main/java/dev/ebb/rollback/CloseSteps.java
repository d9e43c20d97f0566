package dev.ebb.rollback;

import dev.ebb.load.CloseMethod;
import dev.ebb.load.CloseWatcher;
import dev.ebb.load.LateResult;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import dev.ebb.load.TrackedResource;
import dev.ebb.rollback.Case.Phase;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is closed of a load, in which order and by which right: the result by proof or by declaration, what else the load opened by proof, or by force where
 * later use of it gets an exception and never a crash. Used by the worker alone.
 */
final class CloseSteps {
    private static final Comparator<ObjectResource> LAST_MADE_FIRST = (one, other) -> Long.signum(((TrackedResource) other).takenNanos() - ((TrackedResource) one).takenNanos());

    private final Collector collector;
    private final CloseWatcher closeWatcher;
    private final CloseOrder order;
    private final Consumer<Object> sessionCloser;

    /** @param sessionCloser closes a session of foreign memory; throws what the session throws */
    CloseSteps(Collector collector, CloseWatcher closeWatcher, CloseOrder order, Consumer<Object> sessionCloser) {
        this.collector = collector;
        this.closeWatcher = closeWatcher;
        this.order = order;
        this.sessionCloser = sessionCloser;
    }

    /** Nothing is tried a second time, whatever goes wrong. */
    void addTo(Closing closing, Case c) {
        if (c.phase == Phase.CLOSE) {
            addResult(c, closing);
        }
        List<ObjectResource> handles = new ArrayList<>();
        List<ObjectResource> others = new ArrayList<>();
        for (Resource resource : c.load.ledger().live()) {
            if (resource instanceof ObjectResource && isMeant(c, resource) && c.closeTried.add(resource)) {
                (resource.kind() == ResourceKind.TRACKED ? handles : others).add((ObjectResource) resource);
            }
        }
        handles.sort(LAST_MADE_FIRST);
        for (ObjectResource handle : inOrder(handles)) {
            addHandle(c, closing, handle);
        }
        for (ObjectResource other : others) {
            addOther(c, closing, other);
        }
    }

    private static boolean isMeant(Case c, Resource resource) {
        return c.apart == null || resource.kind() != ResourceKind.TRACKED || c.apart.contains(resource);
    }

    /** What another load has left and nobody but Ebb has, and what uses something that this one closes: that goes first. Null if there is none. */
    String userInHand(Case c) {
        List<Object> mine = new ArrayList<>();
        Object result = c.phase == Phase.CLOSE && c.apart == null ? c.proof.result() : null;
        if (result != null) {
            mine.add(result);
        }
        for (Resource resource : c.load.ledger().live()) {
            if (resource instanceof ObjectResource && collector.hasHandedOver(((ObjectResource) resource).last())) {
                mine.add(((ObjectResource) resource).last().get());
            }
        }
        Object user = mine.isEmpty() ? null : order.userOf(mine, collector.inHand());
        return user == null ? null : user.getClass().getName();
    }

    /** The result as far as it is there to be closed; null if it is not to be, or the program has done that. */
    Object resultToClose(Case c) {
        LateResult late = c.load.result();
        if (late == null || late.isClosedByProgram() || c.apart != null) {
            return null;
        }
        Object result = c.proof.result();
        return result == null ? late.reachable() : result;
    }

    private void addResult(Case c, Closing closing) {
        LateResult late = c.load.result();
        CloseMethod method = c.load.site().close();
        if (late == null || late.isClosedByProgram() || c.apart != null) {
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

    /** The one that uses another first. With one among them that stays open the last made goes first, and none that is older than that one. */
    private List<ObjectResource> inOrder(List<ObjectResource> handles) {
        Map<Object, ObjectResource> byObject = new IdentityHashMap<>();
        List<Object> objects = new ArrayList<>();
        for (ObjectResource handle : handles) {
            Object object = toClose(handle);
            if (object == null || byObject.put(object, handle) != null) {
                return handles;
            }
            objects.add(object);
        }
        List<ObjectResource> ordered = new ArrayList<>();
        for (Object object : order.of(objects)) {
            ordered.add(byObject.get(object));
        }
        return ordered;
    }

    /** It may have native memory behind it, and its later use would crash: by proof only. Null if that is not there, or it may be closed already. */
    private Object toClose(ObjectResource handle) {
        Object object = collector.hasHandedOver(handle.last()) ? handle.last().get() : null;
        return object != null && closeWatcher.watchedSince(object.getClass(), ((TrackedResource) handle).takenNanos()) ? object : null;
    }

    private void addHandle(Case c, Closing closing, ObjectResource handle) {
        Object object = toClose(handle);
        closing.add(handle.what(), object, true, () -> !handle.released(), object == null ? null : () -> Closer.close(object),
            () -> c.load.ledger().release(handle));
    }

    /** Channels, streams and arenas, those of one thread last opened first: by proof, or by force if the load itself has failed and so cannot have handed them to anybody. */
    private void addOther(Case c, Closing closing, ObjectResource other) {
        Object object = collector.hasHandedOver(other.last()) ? other.last().get() : c.load.thrown() != null ? other.object() : null;
        if (object == null) {
            // it may be proven later
            c.closeTried.remove(other);
            return;
        }
        Closing.Action action = other.kind() == ResourceKind.ARENA ? () -> SessionClose.close(sessionCloser, object) : ((AutoCloseable) object)::close;
        closing.add(other.what(), object, false, () -> !other.released(), action, () -> c.load.ledger().release(other));
    }
}
