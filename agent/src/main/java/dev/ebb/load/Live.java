package dev.ebb.load;

import java.util.Collection;

/** What can be asked of Ebb, and told it, while it runs. Callable from any thread. */
public interface Live {
    String version();

    /** {@code rollback}, {@code observe} or {@code off}. */
    String mode();

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

    /** Makes all allocators return what they do not need; up to a second for ten GiB. */
    Purged purge();
}
