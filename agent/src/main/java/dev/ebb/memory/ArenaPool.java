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

    private final Queue<Integer> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger made = new AtomicInteger();

    /** On the thread that begins a load. @return null if there is none to be had */
    LoadArena take() {
        Integer number = free.poll();
        if (number == null) {
            if (made.incrementAndGet() > MOST) {
                made.decrementAndGet();
                return null;
            }
            number = NativeMemory.createArena();
            if (number < 0) {
                return null; // and counted: jemalloc has no more, so nobody asks again and again
            }
        }
        return new Lent(number);
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
