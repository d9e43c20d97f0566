package dev.ebb.report;

import dev.ebb.load.Purged;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the allocator behind malloc has handed out, and what it keeps resident beside that. Asked for ten times a second at most, and so rarely that no more than a hundredth of the time goes
 * into asking: some allocators count under the locks that their callers want. On Ebb's worker alone.
 */
final class AllocatorSamples {
    private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int SHARE = 100;

    private final Supplier<Purged> allocators;
    private long nextNanos = System.nanoTime();
    private long liveBytes = -1;
    private long residentBytes = -1;

    /** @param allocators what they say of themselves, with nothing changed */
    AllocatorSamples(Supplier<Purged> allocators) {
        this.allocators = allocators;
    }

    /** Asks anew if it is time. */
    void look() {
        long now = System.nanoTime();
        if (now - nextNanos < 0) {
            return;
        }
        Purged account = allocators.get();
        liveBytes = account.allocatedBytes();
        residentBytes = liveBytes < 0 || account.cachedBytes() < 0 ? -1 : liveBytes + account.cachedBytes();
        long end = System.nanoTime();
        nextNanos = end + Math.max(APART_NANOS, SHARE * (end - now));
    }

    /** In use by the program; -1 if the allocator does not tell, or was not asked yet. */
    long liveBytes() {
        return liveBytes;
    }

    /** These, and what it keeps of what was freed; -1 as above. */
    long residentBytes() {
        return residentBytes;
    }
}
