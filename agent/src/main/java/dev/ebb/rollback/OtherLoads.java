package dev.ebb.rollback;

import dev.ebb.load.Ledger;
import dev.ebb.load.Load;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.ResourceKind;

/** What loads besides one have taken and not given back, ended ones included: RSS is theirs as well. Used by the worker alone. */
final class OtherLoads {
    /** Summing up may take so large a part of the worker's time. */
    private static final int SHARE = 20;

    private final LoadRegistry registry;
    private long latestEndNanos;
    private boolean anyEnded;
    private long totalBytes;
    private long totalNanos;
    private long validNanos = -1;

    OtherLoads(LoadRegistry registry) {
        this.registry = registry;
    }

    /** A load was decided. */
    void ended() {
        anyEnded = true;
        latestEndNanos = System.nanoTime();
    }

    /** Whether another load was open at any time since this one began. */
    boolean anyBeside(Load load) {
        for (Load other : registry.undecided()) {
            if (other != load && !other.quiet()) {
                return true;
            }
        }
        return anyEnded && latestEndNanos - load.startNanos() > 0;
    }

    /** Off-heap bytes that all other loads hold now. */
    long bytes(Load load) {
        return total() - offHeap(load.ledger());
    }

    /** The same as it was a moment ago: with very many loads, up to a second. */
    long recentBytes(Load load) {
        long now = System.nanoTime();
        if (validNanos < 0 || now - totalNanos > validNanos) {
            totalBytes = total();
            totalNanos = System.nanoTime();
            validNanos = Math.min(SHARE * (totalNanos - now), 1_000_000_000);
        }
        return Math.max(0, totalBytes - offHeap(load.ledger()));
    }

    private long total() {
        long bytes = 0;
        for (Load load : registry.undecided()) {
            bytes += offHeap(load.ledger());
        }
        for (Ledger ledger : registry.accounts().held()) {
            bytes += offHeap(ledger);
        }
        return bytes;
    }

    static long offHeap(Ledger ledger) {
        return ledger.recordedBytes(ResourceKind.DIRECT) + ledger.recordedBytes(ResourceKind.MAPPED) + ledger.recordedBytes(ResourceKind.ARENA)
            + ledger.recordedBytes(ResourceKind.UNSAFE);
    }
}
