package dev.ebb.record;

import dev.ebb.load.Load;
import dev.ebb.load.LoadArena;
import dev.ebb.load.Memory;
import dev.ebb.load.ThreadCounters;

/**
 * What one thread takes from {@code malloc}, charged to the load that it works for at the time. What the ledger lists by itself, direct buffers and the like, comes from malloc too
 * and is taken out again here, so that nothing is counted twice. Used by that thread alone; a charge takes some nanoseconds and makes no native call, but for the first of a thread.
 */
final class MallocMeter {
    private static final int OWN = -1;

    private final Memory memory;
    private ThreadCounters counters;
    private int countersEpoch;
    private int purges;
    private long markBytes;
    private boolean marked;
    /** The arena that the thread was bound to for a load, or {@link #OWN}; and what it had before. */
    private int bound = OWN;
    private int own = OWN;
    /** Taken since the mark and in the ledger by name; less what of that was given back. */
    private long listedBytes;

    MallocMeter(Memory memory) {
        this.memory = memory;
        this.purges = memory.purges();
    }

    /** What was taken since the last call is charged. @param to the load that the thread has worked for until now; null if for none */
    void charge(Load to) {
        if (countersEpoch != memory.countersEpoch()) {
            look();
        }
        if (counters != null) {
            long net = counters.netBytes();
            if (to != null && marked) {
                to.addNativeBytes(net - markBytes - listedBytes);
            }
            markBytes = net;
            listedBytes = 0;
            marked = true;
        }
    }

    /** All that the thread has ever taken is for the load that has started it. */
    void sinceItsBirth() {
        charge(null);
        markBytes = 0;
    }

    /** So many bytes were taken that the ledger lists. */
    void listed(long bytes) {
        if (counters != null) {
            listedBytes += sizeClassBytes(bytes);
        }
    }

    /** So many bytes that the ledger has listed were given back. */
    void unlisted(long bytes) {
        if (counters != null) {
            listedBytes -= sizeClassBytes(bytes);
        }
    }

    /** As {@link #charge}, when the thread leaves what it did. If the load is given up, its memory is about to be freed and purged: what this thread caches of it would stay. */
    void left(Load load) {
        charge(load);
        if (load != null && load.isGivenUp()) {
            memory.flushThreadCache();
        } else {
            idle();
        }
    }

    /** Once after each purge of this process the thread flushes its cache: there may be what was freed before, to no avail. A volatile read if there was none. */
    void idle() {
        int now = memory.purges();
        if (purges != now) {
            purges = now;
            memory.flushThreadCache();
        }
    }

    /** The thread works for this load now, or for none: it allocates from that load's arena, or from its own. */
    void workFor(Load load) {
        LoadArena arena = load == null ? null : load.arena();
        int wanted = arena == null ? OWN : arena.number();
        if (wanted != bound && !HeapMeter.isVirtual(Thread.currentThread())) {
            int before = memory.bindArena(wanted == OWN ? own : wanted);
            if (before >= 0) {
                own = bound == OWN ? before : own;
                bound = wanted;
            }
        }
    }

    /** A virtual thread changes the OS thread, and with it the counters. */
    private void look() {
        countersEpoch = memory.countersEpoch();
        counters = HeapMeter.isVirtual(Thread.currentThread()) ? null : memory.threadCounters();
        marked = false;
        listedBytes = 0;
    }

    /**
     * What jemalloc counts for a block: four sizes to each doubling, but multiples of 16 bytes at least (jemalloc's size_classes.h, also in the table of its manual).
     */
    static long sizeClassBytes(long bytes) {
        if (bytes <= 16) {
            return bytes <= 8 ? 8 : 16;
        }
        int doubling = 63 - Long.numberOfLeadingZeros(bytes - 1);
        long step = Math.max(16, 1L << (doubling - 2));
        return (bytes + step - 1) / step * step;
    }
}
