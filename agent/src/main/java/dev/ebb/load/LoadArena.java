package dev.ebb.load;

/**
 * An arena of jemalloc in which a load's threads allocate, so that its live bytes are known to the byte, also when other threads free them. Lent to one load at a time and never ended:
 * what a load has left in it stays, and is taken off the next one's figures. Safe for any thread.
 */
public interface LoadArena {
    /** As jemalloc numbers it. */
    int number();

    /** What the load has taken and nobody has given back; without what lies in caches of threads. Some 100 us; -1 if it cannot be told. */
    long liveBytes();

    /** Free room in pages that blocks which live on keep; no purge returns it. -1 if it cannot be told. */
    long fragmentedBytes();

    /** The load is decided: another one may have it. */
    void giveBack();
}
