package dev.ebb.report;

import dev.ebb.load.Event;
import dev.ebb.load.Live;

/** {@link CountsView} of one moment. Immutable. */
final class Counts implements CountsView {
    private final Event summary;
    private final long troubles;

    Counts(Live live) {
        summary = live.summary();
        long count = 0;
        for (Event trouble : live.troubles()) {
            count += trouble.number("count");
        }
        troubles = count;
    }

    @Override
    public long getCompleted() {
        return summary.number("completed");
    }

    @Override
    public long getFailed() {
        return summary.number("failed");
    }

    @Override
    public long getTimedOut() {
        return summary.number("timedOut");
    }

    @Override
    public long getAbandoned() {
        return summary.number("abandoned");
    }

    @Override
    public long getRollbacks() {
        return summary.number("rollbacks");
    }

    @Override
    public long getPurges() {
        return summary.number("purges");
    }

    @Override
    public long getTroubles() {
        return troubles;
    }
}
