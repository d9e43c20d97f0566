package dev.ebb.record;

import dev.ebb.load.Load;
import java.util.ArrayDeque;

/**
 * What a thread did before it began something else: a task that works for a load, the body of a load, or work for others that it helps with. Kept by its
 * {@link Slot} and used again; used by that thread alone.
 */
final class Frame {
    /** By what it is found again when that ends: a task, a load, a future; never one of two that are on the same stack. */
    Object key;
    /** The ticket of the task that was begun, or null. */
    Ticket ticket;

    // as it was before

    Load load;
    Load body;
    int depth;
    Object receiver;
    Object[] arguments;
    /** Null if the futures that the thread was computing have a part in what began. */
    ArrayDeque<Load> carried;
    int futureBase;
    long initsSeen;

    /** The thread's counter of allocated bytes when it began. */
    long beganBytes;

    /** It counts in {@link dev.ebb.load.Presence#inside}. */
    boolean counted;

    final Frame below;
    Frame above;

    Frame(Frame below) {
        this.below = below;
    }

    void clear() {
        key = null;
        ticket = null;
        load = null;
        body = null;
        receiver = null;
        arguments = null;
        carried = null;
        counted = false;
    }
}
