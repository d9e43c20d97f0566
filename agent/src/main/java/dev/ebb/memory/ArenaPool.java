package dev.ebb.memory;

import dev.ebb.load.LoadArena;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Arenas of jemalloc for loads, one each, used again and never destroyed or reset: either crashes the JVM, whose own blocks lie in them, too. Creating one takes 47 us and 88 KiB.
 * Thread-safe, blocks nobody.
 */
final class ArenaPool {
    /** More loads at once than this share the program's arenas. */
    private static final int MOST = 64;
    /** A free arena with more of other loads in it is a worse choice than a new one. */
    private static final long CLEAN_BYTES = 1 << 20;
    /** So many free arenas are looked at for a clean one, 100 us each. */
    private static final int LOOKED_AT = 4;

    private final Queue<Integer> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger made = new AtomicInteger();

    /**
     * On the thread that begins a load. What other loads have left in an arena is taken off the figures of the next one, so what is freed of that later would be missing from them: one in
     * which hardly anything was left is taken, else a new one, and only when there can be no more of them the one with the least in it.
     *
     * @return null if there is none to be had
     */
    LoadArena take() {
        Lent best = null;
        for (int i = 0; i < LOOKED_AT && (best == null || best.othersBytes() > CLEAN_BYTES); i++) {
            Integer number = free.poll();
            if (number == null) {
                break;
            }
            Lent next = new Lent(number);
            if (best == null || next.othersBytes() < best.othersBytes()) {
                giveBack(best);
                best = next;
            } else {
                giveBack(next);
            }
        }
        if (best != null && best.othersBytes() <= CLEAN_BYTES) {
            return best;
        }
        Integer fresh = make();
        if (fresh == null) {
            return best;
        }
        giveBack(best);
        return new Lent(fresh);
    }

    private static void giveBack(Lent arena) {
        if (arena != null) {
            arena.giveBack();
        }
    }

    private Integer make() {
        if (made.incrementAndGet() > MOST) {
            made.decrementAndGet();
            return null;
        }
        int number = NativeMemory.createArena();
        return number < 0 ? null : number; // and counted: jemalloc has no more, so nobody asks again and again
    }

    private final class Lent implements LoadArena {
        private final int number;
        private final Figures before;
        private final AtomicBoolean back = new AtomicBoolean();

        Lent(int number) {
            this.number = number;
            this.before = read(number);
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public Figures figures() {
            Figures now = read(number);
            return new Figures(since(before.liveBytes(), now.liveBytes()), since(before.fragmentedBytes(), now.fragmentedBytes()));
        }

        @Override
        public long othersBytes() {
            return Math.max(0, before.liveBytes());
        }

        @Override
        public void giveBack() {
            if (back.compareAndSet(false, true)) {
                free.add(number);
            }
        }
    }

    private static LoadArena.Figures read(int number) {
        long[] values = NativeMemory.arenaStatistics(number);
        Statistics now = values == null ? null : Statistics.of(values);
        return now == null ? new LoadArena.Figures(-1, -1) : new LoadArena.Figures(now.allocatedBytes(), now.fragmentedBytes());
    }

    private static long since(long before, long now) {
        return now < 0 ? -1 : Math.max(0, now - Math.max(0, before));
    }
}
