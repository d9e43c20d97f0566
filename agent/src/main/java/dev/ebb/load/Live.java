package dev.ebb.load;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** What can be asked of Ebb, and told it, while it runs. Callable from any thread. */
public interface Live {
    String version();

    /** {@code rollback}, {@code observe} or {@code off}. */
    String mode();

    /** Whether Ebb itself has left rollback for observe, after faults of its own, and nobody has set a mode since. */
    boolean withdrawn();

    /**
     * After {@code off}, which restores every class, nothing of what was recorded before is known any more.
     *
     * @throws IllegalArgumentException if it is none of the three
     */
    void mode(String wanted);

    /** Loads whose end is not decided; weakly consistent. */
    Collection<Load> loads();

    /** The ledgers of loads that were decided and still hold something; weakly consistent. */
    Collection<Ledger> accounts();

    /** Resources that are recorded one by one now. */
    long records();

    /** Counts and distributions since the start, as the line {@code ebb.summary}. */
    Event summary();

    /** What has gone wrong inside Ebb, a line for each kind with its count. */
    List<Event> troubles();

    /** What is wrong with the options, in words; empty as a rule. */
    List<String> mistakes();

    /** Property, value and source of each option. */
    List<String[]> options();

    /** RSS in bytes, 0 where the system does not tell. */
    long residentBytes();

    /** What the allocators hold; changes nothing. Up to some 100 ms. */
    Purged allocators();

    /** Who holds what loads have left; null as long as no load can have left anything. */
    HolderSearch holders();

    /** Where post-mortems are written; empty if nowhere. */
    String reportDir();

    /** Of each engine that Ebb knows by name. @throws IOException if Ebb's own jar cannot be read */
    List<PresetState> presets() throws IOException;

    /**
     * Ebb leaves: classes are restored, its threads end, nothing is watched any more. Takes up to some seconds. On a thread of Ebb's.
     *
     * @return what could not be taken back, in words; empty as a rule
     */
    String detach();

    /** Makes all allocators return what they do not need; up to a second for ten GiB. */
    Purged purge();
}
