package dev.ebb.report;

/** What has happened since Ebb started; numbers that only grow, read at one moment. */
public interface CountsView {
    /** Loads that ended well. */
    long getCompleted();

    /** Loads that threw, and no timeout. */
    long getFailed();

    long getTimedOut();

    /** Loads whose callers gave up, or cancelled. */
    long getAbandoned();

    /** Loads whose rollback has come to its verdict. */
    long getRollbacks();

    /** Purges of all allocators that followed rollbacks and releases. */
    long getPurges();

    /** Faults of Ebb's own. */
    long getTroubles();
}
