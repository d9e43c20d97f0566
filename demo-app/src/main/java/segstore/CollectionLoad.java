package segstore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The caller's side of loading one collection: waits for every segment, and knows what to do if one is late. */
final class CollectionLoad {
    private static final long CANCEL_SECONDS = 5; // how long the caller of a cancelled load waits for its clean-up

    private final SegmentLoader loader;
    private final Set<Fault> faults;
    private final long timeoutSeconds;
    private final List<Ticket> tickets = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();
    private long deadline;
    private Exception failure;

    private record Ticket(PendingLoad load, Future<Segment> future) {
    }

    /** The time limit starts now. */
    CollectionLoad(SegmentLoader loader, Set<Fault> faults, long timeoutSeconds) {
        this.loader = loader;
        this.faults = faults;
        this.timeoutSeconds = timeoutSeconds;
        this.deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    }

    void begin(PendingLoad load, LoaderPool pool) {
        tickets.add(new Ticket(load, pool.begin(load)));
    }

    /** Returns all segments, or none: those that did arrive are closed if another did not. */
    List<Segment> await() throws TimeoutException, IOException, InterruptedException {
        tickets.forEach(this::take);
        if (failure == null) {
            return segments;
        }
        segments.forEach(Segment::close);
        if (failure instanceof TimeoutException timeout) {
            throw timeout;
        }
        if (failure instanceof InterruptedException interrupt) {
            throw interrupt;
        }
        throw (IOException) failure;
    }

    private void take(Ticket ticket) {
        SegmentName name = ticket.load.name();
        try {
            segments.add(ticket.future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
            loader.taken(name);
        } catch (TimeoutException e) {
            failure = new TimeoutException("segment " + name + " was not loaded within " + timeoutSeconds + " s");
            giveUp(ticket);
        } catch (InterruptedException e) {
            failure = e;
            deadline = System.nanoTime();
            giveUp(ticket);
        } catch (ExecutionException e) {
            failure = new IOException("segment " + name + " cannot be loaded: " + e.getCause(), e.getCause());
        }
    }

    private void giveUp(Ticket ticket) {
        boolean delivered = ticket.load.giveUp();
        if (faults.contains(Fault.OUTLIVES_TIMEOUT)) {
            return; // and with the ticket goes the last reference to the future
        }
        try {
            if (delivered) {
                ticket.future.get().close();
            } else {
                ticket.future.cancel(true);
                ticket.load.awaitLeft(CANCEL_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("a load that has delivered cannot have failed", e);
        }
    }
}
