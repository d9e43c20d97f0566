package segstore;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One load as the pool sees it: settles between loader and caller who disposes of a segment that comes too late.
 *
 * <p>Assumptions: {@link #call()} runs once at most, on a loader thread; {@link #giveUp()} is called once at most, by
 * the caller. Guarantee: without faults exactly one of the two ends up with the segment, or its clean-up.
 */
final class PendingLoad implements Callable<Segment> {
    private enum State { QUEUED, RUNNING, DELIVERED, GIVEN_UP }

    private final SegmentLoader loader;
    private final Set<Fault> faults;
    private final SegmentName name;
    private final MemoryBudget.Reservation reservation;
    private final Pace pace;
    private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
    private final CountDownLatch left = new CountDownLatch(1);

    PendingLoad(SegmentLoader loader, Set<Fault> faults, SegmentName name, MemoryBudget.Reservation reservation,
            Pace pace) {
        this.loader = loader;
        this.faults = faults;
        this.name = name;
        this.reservation = reservation;
        this.pace = pace;
    }

    @Override
    public Segment call() throws IOException {
        boolean wanted = state.compareAndSet(State.QUEUED, State.RUNNING);
        try {
            if (!wanted && !faults.contains(Fault.OUTLIVES_TIMEOUT)) {
                throw new CancellationException("load of " + name + " was cancelled in the queue");
            }
            return deliver(loader.load(name, reservation, pace));
        } finally {
            left.countDown();
        }
    }

    /** The caller waits no longer. Returns whether the segment was delivered just before. */
    boolean giveUp() {
        State before = state.getAndUpdate(now -> now == State.DELIVERED ? now : State.GIVEN_UP);
        if (before == State.QUEUED) {
            left.countDown();
        }
        boolean nobodyElseWill = before == State.QUEUED || faults.contains(Fault.OUTLIVES_TIMEOUT);
        if (nobodyElseWill && !faults.contains(Fault.HOLDS_RESERVATION)) {
            reservation.release();
        }
        return before == State.DELIVERED;
    }

    /** The load will not begin. */
    void forget() {
        reservation.release();
    }

    /** Waits a bounded time for the loader to be done with this load and its clean-up. */
    void awaitLeft(long seconds) throws InterruptedException {
        left.await(seconds, TimeUnit.SECONDS);
    }

    SegmentName name() {
        return name;
    }

    private Segment deliver(Segment segment) {
        if (state.compareAndSet(State.RUNNING, State.DELIVERED)) {
            return segment;
        }
        if (faults.contains(Fault.OUTLIVES_TIMEOUT)) {
            loader.deleteFilesUnlessLeft(segment);
            return segment; // into a future that nobody has: here it is lost
        }
        loader.discard(segment);
        throw new CancellationException("load of " + name + " came too late");
    }
}
