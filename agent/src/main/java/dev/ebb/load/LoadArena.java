package dev.ebb.load;

/**
 * An arena of jemalloc in which a load's threads allocate, so that its live bytes are known to the byte, also when other threads free them. Lent to one load at a time and never ended:
 * what a load has left in it stays, and is taken off the next one's figures. Safe for any thread.
 */
public interface LoadArena {
    /** As jemalloc numbers it. */
    int number();

    /** Of this moment. Some 100 us. */
    Figures figures();

    /** What loads before this one had left in it when this one got it: if that is freed meanwhile, the figures are too low by it. At most 1 MiB unless all arenas are in use. */
    long othersBytes();

    /** Nobody works for the load any more, and it is decided: another one may have it. */
    void giveBack();

    /**
     * All in bytes, -1 for what cannot be told.
     *
     * @param liveBytes what the load has taken and nobody has given back; without what lies in caches of threads
     * @param fragmentedBytes free room in pages that small blocks of the load keep, since they live on; no purge returns it
     */
    record Figures(long liveBytes, long fragmentedBytes) { }
}
