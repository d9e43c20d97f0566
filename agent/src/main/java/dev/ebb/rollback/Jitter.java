package dev.ebb.rollback;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Keeps the JVMs of a fleet from collecting and purging at one instant, when what all of them load from fails for all at once. The first that is wanted after a while of quiet waits for a
 * random part of {@code ebb.rollback.jitter}; what follows it keeps that distance by itself, and is not held up again. Used by the worker alone.
 */
final class Jitter {
    /** Longer than a rollback wants nothing between its first collection and its purge. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Policy policy;
    private final DoubleSupplier random;
    private boolean everWanted;
    private long wantedNanos;
    private long overNanos;

    /** @param random from 0 to 1 */
    Jitter(Policy policy, DoubleSupplier random) {
        this.policy = policy;
        this.random = random;
    }

    /** To be asked whenever a collection or a purge is wanted, until one may be made. @param now by {@link System#nanoTime} */
    boolean isOver(long now) {
        if (!everWanted || now - wantedNanos > QUIET_NANOS) {
            everWanted = true;
            overNanos = now + (long) (policy.jitterNanos() * random.getAsDouble());
        }
        wantedNanos = now;
        return now - overNanos >= 0;
    }
}
