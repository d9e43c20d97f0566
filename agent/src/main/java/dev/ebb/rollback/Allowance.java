package dev.ebb.rollback;

/** Time that may be spent on something: a stock, which comes back slowly. Not for several threads at once. */
final class Allowance {
    private final long stockNanos;
    private final int share;
    private long leftNanos;
    private long seenNanos = System.nanoTime();

    /** @param share of the time that passes, one part in so many comes back */
    Allowance(long stockNanos, int share) {
        this.stockNanos = stockNanos;
        this.share = share;
        this.leftNanos = stockNanos;
    }

    /** @param now by {@link System#nanoTime} */
    boolean isSpent(long now) {
        leftNanos = Math.min(stockNanos, leftNanos + (now - seenNanos) / share);
        seenNanos = now;
        return leftNanos <= 0;
    }

    void spend(long nanos) {
        leftNanos -= nanos;
    }
}
