package segstore;

/** The off-heap bytes that segments may have together. A load reserves before it starts. Thread-safe. */
public final class MemoryBudget {
    private final long total;
    private long reserved;

    public MemoryBudget(long totalBytes) {
        this.total = totalBytes;
    }

    /** @throws LoadRefusedException if fewer than {@code bytes} are free */
    synchronized Reservation reserve(SegmentName segment, long bytes) throws LoadRefusedException {
        if (bytes > total - reserved) {
            throw new LoadRefusedException(segment, bytes, total - reserved, total);
        }
        reserved += bytes;
        return new Reservation(bytes);
    }

    public synchronized long reservedBytes() {
        return reserved;
    }

    private synchronized void giveBack(long bytes) {
        reserved -= bytes;
    }

    /** One load's share. Thread-safe. */
    final class Reservation {
        private long bytes;

        private Reservation(long bytes) {
            this.bytes = bytes;
        }

        /** Gives the share back; a second call does nothing. */
        synchronized void release() {
            giveBack(bytes);
            bytes = 0;
        }
    }
}
