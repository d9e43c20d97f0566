package dev.ebb.rollback;

import java.util.List;
import java.util.Set;

/** What the user has set for the end of loads, as it is now. Read on any of Ebb's threads; a change counts for what is decided after it. */
public final class Policy {
    private volatile Settings now;

    /**
     * What holds until the next change. Immutable.
     *
     * @param onFailure roll back loads that threw anything, not only timeouts
     * @param never roll nothing back
     * @param timeoutExceptions binary class names; subtypes count too. Read once
     * @param graceNanos how long to wait for quiet before holders are reported
     * @param abandonAfterNanos how long after callers gave up a load that still runs is presumed abandoned; -1 for never
     * @param rungs those that are switched on
     * @param collectIntervalNanos the least time between two collections that are asked for. Read once
     * @param closeTimeoutNanos how long one close may take before it is left to itself
     * @param files absolute directories in which a load's files may be deleted. Read once
     * @param purgeIntervalNanos the least time between two purges
     * @param jitterNanos the longest that the first collection or purge after a quiet time is put off by chance
     * @param summaryNanos time between two summaries, 0 for none
     */
    public record Settings(boolean onFailure, boolean never, List<String> timeoutExceptions, long graceNanos, long abandonAfterNanos, Set<Rung> rungs,
                           long collectIntervalNanos, long closeTimeoutNanos, List<String> files, long purgeIntervalNanos, long jitterNanos, long summaryNanos) { }

    public Policy(Settings settings) {
        now = settings;
    }

    public void change(Settings settings) {
        now = settings;
    }

    boolean onFailure() {
        return now.onFailure;
    }

    boolean never() {
        return now.never;
    }

    List<String> timeoutExceptions() {
        return now.timeoutExceptions;
    }

    long graceNanos() {
        return now.graceNanos;
    }

    long abandonAfterNanos() {
        return now.abandonAfterNanos;
    }

    Set<Rung> rungs() {
        return now.rungs;
    }

    long collectIntervalNanos() {
        return now.collectIntervalNanos;
    }

    long closeTimeoutNanos() {
        return now.closeTimeoutNanos;
    }

    List<String> files() {
        return now.files;
    }

    long purgeIntervalNanos() {
        return now.purgeIntervalNanos;
    }

    long jitterNanos() {
        return now.jitterNanos;
    }

    boolean close() {
        return rungs().contains(Rung.CLOSE);
    }

    boolean delete() {
        return rungs().contains(Rung.DELETE);
    }

    boolean gc() {
        return rungs().contains(Rung.COLLECT);
    }

    boolean purge() {
        return rungs().contains(Rung.PURGE);
    }
}
