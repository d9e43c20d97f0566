package dev.ebb.report;

import java.util.List;

/** {@code dev.ebb:type=Ebb}: what Ebb knows now, and what it can be told. Sums are made when they are asked for: a million records take some ten milliseconds. */
public interface EbbMXBean {
    String getVersion();

    /** {@code rollback}, {@code observe} or {@code off}. */
    String getMode();

    /** Switches at run time; {@code off} restores every class and forgets what was recorded. */
    void setMode(String mode);

    /** Loads with a thread or task inside. */
    int getOpenLoads();

    /** Loads that hold something, be they open or ended. */
    int getHoldingLoads();

    /** Resources recorded one by one. */
    long getRecords();

    /** What has happened since the start; see {@link CountsView}. */
    CountsView getCounts();

    /** What all loads hold; see {@link LedgerView}. */
    LedgerView getTotals();

    /** The ledgers of loads that are open, or hold something: at most 1,000, largest first. */
    List<LedgerView> getLedgers();

    /** What loads of this label hold, a line for each, as {@code segment 42: 812.0 MiB mapped, 3 files}. */
    String ledger(String label);

    /** Makes all allocators of the process return what they do not need, now. @return what came of it, in one line */
    String purge();

    /**
     * By which paths the program reaches what a load has left. Walks through the heap, which stops the JVM for seconds a GiB, once for each step of a path; the log announces it and says what it took.
     *
     * @param load its number, as in its verdict
     * @return a line for each path, and one with the cost
     */
    String holders(long load);

    /** All that is known of loads, as text: threads inside, what each thread has done, what is held, where the largest was taken. */
    String dump();
}
