package dev.ebb.rollback;

import java.util.List;

/**
 * What the user has set for the end of loads. Immutable.
 *
 * @param onFailure roll back loads that threw anything, not only timeouts
 * @param never roll nothing back
 * @param timeoutExceptions binary class names; subtypes count too
 * @param graceNanos how long to wait for quiet before holders are reported
 * @param files absolute directories in which a load's files may be deleted
 * @param purgeIntervalNanos the least time between two purges
 * @param summaryNanos time between two summaries, 0 for none
 */
public record Policy(boolean onFailure, boolean never, List<String> timeoutExceptions, long graceNanos, boolean close, boolean delete, boolean gc,
                     List<String> files, boolean purge, long purgeIntervalNanos, long summaryNanos) { }
