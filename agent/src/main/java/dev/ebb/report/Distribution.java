package dev.ebb.report;

import dev.ebb.load.Event;
import org.HdrHistogram.Histogram;

/**
 * Recorded values of one kind, in a histogram of 3 significant digits (0.1 %) that grows with its values and is made when the first one comes. Not safe for threads: {@link Figures} locks.
 */
final class Distribution {
    private static final int DIGITS = 3;
    private static final double[] PERCENTILES = {50, 90, 99, 100};
    private static final String[] NAMES = {"P50", "P90", "P99", "Max"}; // of the same indexes

    private final long highest;
    private Histogram histogram;
    private long max;
    private long count;
    private double sum;

    /** @param percentiles values at the 50th, 90th, 99th and 100th; none if nothing was recorded */
    record Reading(long count, double sum, long[] percentiles) { }

    /** @param highest value that is told from others; higher ones count as this one */
    Distribution(long highest) {
        this.highest = highest;
    }

    /** @param value negative ones count as 0 */
    void record(long value) {
        if (histogram == null) {
            // resizes itself: with the highest value given at once it would take 200 to 350 KB of heap from the start
            histogram = new Histogram(DIGITS);
        }
        long recorded = Math.min(Math.max(value, 0), highest);
        max = Math.max(max, recorded);
        count++;
        sum += recorded;
        histogram.recordValue(recorded);
    }

    Reading read() {
        long[] percentiles = new long[count == 0 ? 0 : PERCENTILES.length];
        for (int i = 0; i < percentiles.length; i++) {
            percentiles[i] = at(PERCENTILES[i]);
        }
        return new Reading(count, sum, percentiles);
    }

    /** Adds {@code <name>P50Ms} and so on to the event; nothing if nothing was recorded. Values are taken for microseconds. */
    void addMillis(Event event, String name) {
        for (int i = 0; histogram != null && i < NAMES.length; i++) {
            event.with(name + NAMES[i] + "Ms", Double.valueOf(at(PERCENTILES[i]) / 1000.0));
        }
    }

    /** Adds {@code <name>P50Bytes} and so on to the event; nothing if nothing was recorded. */
    void addBytes(Event event, String name) {
        for (int i = 0; histogram != null && i < NAMES.length; i++) {
            event.bytes(name + NAMES[i] + "Bytes", at(PERCENTILES[i]));
        }
    }

    private long at(double percentile) {
        // a histogram answers with the highest of the values that it holds for equal, up to 0.1 % too high; but never above what was recorded
        return Math.min(histogram.getValueAtPercentile(percentile), max);
    }
}
