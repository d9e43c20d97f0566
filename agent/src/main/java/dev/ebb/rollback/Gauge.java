package dev.ebb.rollback;

import dev.ebb.load.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures what rungs give back, those of all loads together, so that of several that act at the same time only one accounts for the same bytes. Used by the
 * worker alone.
 */
final class Gauge {
    /** A measurement that goes on for longer belongs to a rung that was given up. */
    private static final long OPEN_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Memory memory;
    private final List<Mark> open = new ArrayList<>();
    private long totalBytes;

    /** Where RSS stood when a rung began, and what others have accounted for of its fall since. */
    static final class Mark {
        private final long rssBytes;
        private final long nanos = System.nanoTime();
        private long claimedBytes;

        private Mark(long rssBytes) {
            this.rssBytes = rssBytes;
        }

        /** When, by {@link System#nanoTime}. */
        long nanos() {
            return nanos;
        }

        private long unclaimed(long rssNow) {
            return rssBytes - rssNow - claimedBytes;
        }

        /** Another rung accounts for so much, which may in part have come before this mark. */
        private void claim(long bytes, long rssNow) {
            long unclaimed = unclaimed(rssNow);
            claimedBytes += bytes >= 0 ? Math.min(bytes, Math.max(0, unclaimed)) : Math.max(bytes, Math.min(0, unclaimed));
        }
    }

    Gauge(Memory memory) {
        this.memory = memory;
    }

    Memory memory() {
        return memory;
    }

    Mark begin() {
        Mark mark = new Mark(memory.residentBytes());
        open.add(mark);
        return mark;
    }

    /** How far RSS has fallen since then, less what other rungs have accounted for meanwhile; negative if it rose. */
    long end(Mark mark) {
        open.remove(mark);
        long rss = memory.residentBytes();
        long bytes = mark.unclaimed(rss);
        account(bytes, rss);
        return bytes;
    }

    /** A rung has measured by itself. */
    void add(long bytes) {
        account(bytes, memory.residentBytes());
    }

    private void account(long bytes, long rss) {
        totalBytes += bytes;
        for (Mark mark : open) {
            mark.claim(bytes, rss);
        }
    }

    /** What all rungs have given back so far, that of rungs at work included. */
    long totalBytes() {
        open.removeIf(mark -> System.nanoTime() - mark.nanos > OPEN_NANOS);
        long rss = memory.residentBytes();
        long atWork = 0;
        for (Mark mark : open) {
            atWork = Math.max(atWork, mark.unclaimed(rss));
        }
        return totalBytes + atWork;
    }
}
