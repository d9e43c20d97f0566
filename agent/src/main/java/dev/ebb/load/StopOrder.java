package dev.ebb.load;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the threads of one load are told once nobody wants it any more. Given and taken back by Ebb's worker, read by the threads of the load. Thread-safe;
 * blocks nobody.
 */
public final class StopOrder {
    private final AtomicBoolean given = new AtomicBoolean();
    private final AtomicInteger thrown = new AtomicInteger();
    private volatile String message;

    /**
     * @param text of the error that checkpoints throw, or null if they are to throw nothing: then the order only makes Ebb watch where its threads go
     * @return true if it was not given before
     */
    public boolean give(String text) {
        message = text;
        return given.compareAndSet(false, true);
    }

    /** The load is quiet, decided, or no longer to be stopped. @return true if it was given */
    public boolean takeBack() {
        message = null;
        return given.compareAndSet(true, false);
    }

    public boolean isGiven() {
        return given.get();
    }

    /** What checkpoints throw, or null. */
    public String message() {
        return message;
    }

    /** A checkpoint is about to throw. */
    public void countThrown() {
        thrown.incrementAndGet();
    }

    /** How often checkpoints have thrown in threads of the load. */
    public int thrown() {
        return thrown.get();
    }
}
