package segstore;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How fast the object store delivers. Called by one loader thread, after every piece that it copied. */
@FunctionalInterface
public interface Pace {
    /** As fast as the disk can. */
    Pace FULL = bytes -> {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    };

    /**
     * Waits until {@code bytes} bytes of the segment may have arrived.
     *
     * @throws InterruptedException if the load is to stop
     */
    void await(long bytes) throws InterruptedException;

    /**
     * A slow store: the clock starts with the first piece, and {@code total} bytes take {@code duration} if the disk
     * is fast enough. A pace is for one load.
     */
    static Pace slow(long total, Duration duration) {
        long nanosPerMiB = (long) (duration.toNanos() / (total / (double) (1 << 20)));
        return new Pace() {
            private final long start = System.nanoTime();

            @Override
            public void await(long bytes) throws InterruptedException {
                FULL.await(bytes);
                long due = start + (long) (bytes / (double) (1 << 20) * nanosPerMiB);
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            }
        };
    }
}
