package dev.ebb.rollback;

import java.util.concurrent.TimeUnit;

/** How long one pass through the heap stops the JVM: expected from its used bytes, and learned from each pass. */
final class WalkCost {
    /** 2 to 3 s a GiB were measured with small objects, G1, JDK 17 and 25; more where references jump about the heap. */
    private static final double FIRST_GUESS_NANOS_PER_BYTE = 3e9 / (1L << 30);
    /** Walks that nobody has asked for may stop the JVM for so many times the limit at once, and in the long run for one part in {@link #SHARE} of the time. */
    private static final int AT_ONCE = 5;
    private static final int SHARE = 20;

    private final long limitNanos;
    private double nanosPerByte = FIRST_GUESS_NANOS_PER_BYTE;
    private final Allowance allowance;

    /** @param limitNanos of one pass that nobody has asked for; 0 for never */
    WalkCost(long limitNanos) {
        this.limitNanos = limitNanos;
        this.allowance = new Allowance(AT_ONCE * limitNanos, SHARE);
    }

    long limitNanos() {
        return limitNanos;
    }

    long expectedNanos(long usedBytes) {
        return (long) (usedBytes * nanosPerByte);
    }

    /** Whether a walk may be made that nobody has asked for. */
    boolean allows(long usedBytes) {
        return limitNanos > 0 && expectedNanos(usedBytes) <= limitNanos && !allowance.isSpent(System.nanoTime());
    }

    /**
     * @param nanos of all passes of a walk
     * @param longestNanos of one
     * @param outOfTime the last took longer than it was given: nobody knows by how much
     */
    void learn(long usedBytes, long nanos, long longestNanos, boolean outOfTime) {
        double measured = (double) longestNanos / Math.max(1, usedBytes);
        if (outOfTime) {
            nanosPerByte = Math.max(nanosPerByte, 2 * measured);
        } else if (longestNanos > TimeUnit.MILLISECONDS.toNanos(1)) {
            // a search that found its root early has not seen the whole heap
            nanosPerByte = Math.max(nanosPerByte, measured);
        }
        allowance.spend(nanos);
    }
}
