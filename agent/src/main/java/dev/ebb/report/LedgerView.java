package dev.ebb.report;

/** What one load holds, or all; bytes and numbers at one moment. */
public interface LedgerView {
    /** The number of the load; 0 for all loads. */
    long getLoad();

    String getLabel();

    /** {@code Class#method}. */
    String getMethod();

    /** {@code open}: a thread or task is inside; {@code ended}: it is quiet, and its end is being decided; {@code decided}. */
    String getState();

    long getDirectBytes();

    long getMappedBytes();

    long getForeignBytes();

    /** Of {@code sun.misc.Unsafe}. */
    long getUnsafeBytes();

    long getOpenFiles();

    /** Objects of the types that ebb.track names. */
    long getTracked();

    /** Beyond the limit of records, so that nobody knows whether they were given back; part of the figures above. */
    long getUnrecorded();

    /** {@code 42: 812.0 MiB mapped, 3 files}. */
    String getText();
}
