package dev.ebb.record;

import dev.ebb.load.Load;
import dev.ebb.load.Resource;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** What Ebb knows of one thread. Used by that thread alone. */
final class Slot {
    /** The load that this thread works for now, or null. */
    Load load;
    /** The load whose body this thread is in now, begun in the present task; null if {@link #load} was only handed on to this thread. */
    Load body;
    /** How many watched methods deep this thread is in the present task. */
    int depth;
    /** Inside Ebb: what is taken now is Ebb's own. Release is still heard. */
    boolean busy;
    /** The counter of this thread's allocated bytes when it began to work for {@link #load}. */
    long heapMark;
    /** The same for the load around the one whose body this thread is in. */
    long outerHeapMark;
    /** The next direct buffer is one that NIO keeps for this thread. */
    boolean nioBuffer;
    /** The record of the Unsafe block that this thread is reallocating, out of the index meanwhile; or null. */
    Resource reallocating;
    /** The pool that this thread is starting a worker of, or null. */
    Object startingPool;
    /** The task from a raw {@code execute} that this thread runs, and what it did before. */
    Ticket rawTask;
    Ticket.Mark rawMark;
    /** The path that the call going on now is about to create, or null. */
    String creating;
    /** Receiver and, if the pattern needs them, arguments of the load that this thread is in. */
    Object receiver;
    Object[] arguments;

    /** The futures that this thread is computing, outermost first. */
    private Object[] futures = new Object[4];
    private int futureCount;
    /** Loads whose body was left while the futures that carry them are still being computed. */
    private List<Load> carried = new ArrayList<>(0);

    void enterFuture(Object future) {
        // counted first: it will be left even if there is no memory to note it
        int at = futureCount++;
        if (at >= futures.length) {
            Object[] more = new Object[at * 2];
            System.arraycopy(futures, 0, more, 0, futures.length);
            futures = more;
        }
        futures[at] = future;
    }

    /** The future that this thread is computing, or null. */
    Object innermostFuture() {
        return futureCount == 0 || futureCount > futures.length ? null : futures[futureCount - 1];
    }

    /** Loads whose body was left and that futures of this thread still carry. */
    List<Load> carried() {
        return carried;
    }

    /** @return the loads that no future of this thread carries any more; usually none */
    List<Load> leaveFuture() {
        if (futureCount == 0) {
            return List.of();
        }
        futureCount--;
        if (futureCount < futures.length) {
            futures[futureCount] = null;
        }
        if (futureCount > 0 || carried.isEmpty()) {
            return List.of();
        }
        List<Load> ended = carried;
        carried = new ArrayList<>(0);
        return ended;
    }

    List<WeakReference<Object>> futures() {
        if (futureCount == 0) {
            return List.of();
        }
        List<WeakReference<Object>> all = new ArrayList<>(futureCount);
        for (int i = 0; i < Math.min(futureCount, futures.length); i++) {
            if (futures[i] != null) {
                all.add(new WeakReference<>(futures[i]));
            }
        }
        return all;
    }

    /** @return false if no future of this thread carries it */
    boolean carry(Load load) {
        return futureCount > 0 && carried.add(load);
    }
}
