package dev.ebb.load;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The futures through which callers can get the result of one load, all held weakly, and what callers have done with them. Written by any thread, read by
 * Ebb's worker.
 */
public final class LoadFutures {
    private static final long SETTLED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private volatile List<WeakReference<Object>> carriers = List.of();
    private volatile List<WeakReference<Object>> downstream = List.of();
    private volatile boolean carriersEnded;
    private volatile long carriersEndedNanos;
    private final List<WeakReference<Object>> givenUp = new ArrayList<>(0);
    private volatile boolean callerGaveUp;
    private volatile long gaveUpNanos;
    private volatile boolean presumedGone;
    private volatile String cancelled;
    private volatile boolean read;

    /** The futures that the thread was computing when the load began, kept weakly. */
    public void carriedBy(List<WeakReference<Object>> futures) {
        carriers = futures;
    }

    public List<WeakReference<Object>> carriers() {
        return carriers;
    }

    public boolean isCarriedBy(Object future) {
        return containsReferent(carriers, future);
    }

    /** What depends on the carriers, as it was when the body was left; once they are completed, they no longer tell. */
    public void downstream(List<WeakReference<Object>> dependents) {
        downstream = dependents;
    }

    public List<WeakReference<Object>> downstream() {
        return downstream;
    }

    public boolean isUpstreamOf(Object future) {
        return containsReferent(downstream, future);
    }

    /** Its futures have been completed; nobody can begin to wait for them any more. */
    public void carriersEnded() {
        carriersEndedNanos = System.nanoTime();
        carriersEnded = true;
    }

    /**
     * Whether its futures were completed long enough ago. A caller may be giving up at that very moment, and be stopped by a collection or a busy machine
     * before it can tell: both ends of a long pause look as if they came at once.
     */
    public boolean haveSettled(long nowNanos) {
        return carriersEnded && (carriers.isEmpty() || nowNanos - carriersEndedNanos > SETTLED_NANOS);
    }

    public boolean haveCarriersEnded() {
        return carriersEnded;
    }

    /**
     * A timed get on {@code future}, which carries this load or is downstream of it, has timed out.
     *
     * @return true for the first of all
     */
    public boolean giveUp(Object future) {
        synchronized (givenUp) {
            givenUp.removeIf(gone -> gone.refersTo(null));
            if (!containsReferent(givenUp, future)) {
                givenUp.add(new WeakReference<>(future));
            }
            boolean first = !callerGaveUp;
            gaveUpNanos = System.nanoTime();
            callerGaveUp = true;
            return first;
        }
    }

    public boolean callerGaveUp() {
        return callerGaveUp;
    }

    /** When a caller last gave up, by {@link System#nanoTime}; meaningful once {@link #callerGaveUp}. */
    public long gaveUpNanos() {
        return gaveUpNanos;
    }

    /** The user lets Ebb presume that no caller comes back. */
    public void presumeGone() {
        presumedGone = true;
    }

    public boolean presumedGone() {
        return presumedGone;
    }

    /** The futures on which callers have timed out, as of now. */
    public List<WeakReference<Object>> givenUp() {
        synchronized (givenUp) {
            return new ArrayList<>(givenUp);
        }
    }

    public boolean wasGivenUpThrough(Object future) {
        synchronized (givenUp) {
            return containsReferent(givenUp, future);
        }
    }

    /** True when neither a future that carries it nor one that was given up can be reached any more: its result can never be read through them. */
    public boolean unreachable() {
        synchronized (givenUp) {
            return allCleared(givenUp) && allCleared(carriers);
        }
    }

    /** @param how {@code cancelled}, {@code completed} or {@code time limit} */
    public void cancelledBy(String how) {
        cancelled = how;
    }

    /** How its future was made to end without it, or null. */
    public String cancelled() {
        return cancelled;
    }

    /** Somebody took its result after all. */
    public void wasRead() {
        read = true;
    }

    public boolean read() {
        return read;
    }

    private static boolean containsReferent(List<WeakReference<Object>> references, Object object) {
        for (int i = 0; i < references.size(); i++) {
            if (references.get(i).refersTo(object)) {
                return true;
            }
        }
        return false;
    }

    private static boolean allCleared(List<WeakReference<Object>> references) {
        for (Reference<Object> reference : references) {
            if (!reference.refersTo(null)) {
                return false;
            }
        }
        return true;
    }
}
