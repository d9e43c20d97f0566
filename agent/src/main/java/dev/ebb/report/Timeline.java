package dev.ebb.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of the process over time, finer for the last seconds than for the last day: level n keeps one sample for each 10 ms · 4ⁿ, of its span the one with
 * the highest RSS, and {@value #KEPT} of them. Some 300 KB when full. Thread-safe; one short lock.
 */
final class Timeline {
    private static final int LEVELS = 9;
    private static final int KEPT = 600;
    private static final long FINEST_MILLIS = 10;

    private final List<ArrayDeque<Sample>> levels = new ArrayList<>(LEVELS);

    /** All in bytes but the time, which is milliseconds since the epoch; what loads hold is the sum over all that are not decided; -1 for what the allocator does not tell. */
    record Sample(long millis, long rss, long shared, long heap, long direct, long mapped, long foreign, long allocatorLive, long allocatorResident) { }

    Timeline() {
        for (int i = 0; i < LEVELS; i++) {
            levels.add(new ArrayDeque<>());
        }
    }

    synchronized void add(Sample sample) {
        long span = FINEST_MILLIS;
        for (ArrayDeque<Sample> level : levels) {
            Sample last = level.peekLast();
            if (last == null || last.millis() / span != sample.millis() / span) {
                level.addLast(sample);
            } else if (sample.rss() > last.rss()) {
                level.removeLast();
                level.addLast(sample);
            }
            if (level.size() > KEPT) {
                level.removeFirst();
            }
            span *= 4;
        }
    }

    /** @return samples in the order of time, as fine as they are known from that moment on; at most {@value #KEPT} */
    synchronized List<Sample> since(long millis) {
        ArrayDeque<Sample> chosen = levels.get(LEVELS - 1);
        for (int i = LEVELS - 1; i >= 0; i--) {
            ArrayDeque<Sample> level = levels.get(i);
            if (level.size() < KEPT || level.getFirst().millis() <= millis) {
                chosen = level;
            }
        }
        List<Sample> samples = new ArrayList<>(chosen);
        samples.removeIf(sample -> sample.millis() < millis);
        return samples;
    }
}
