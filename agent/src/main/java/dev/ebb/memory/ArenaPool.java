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
        private final long before;
        private final AtomicBoolean back = new AtomicBoolean();

        Lent(int number) {
            this.number = number;
            this.before = Math.max(0, live(number));
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public long liveBytes() {
            long now = live(number);
            return now < 0 ? -1 : Math.max(0, now - before);
        }

        @Override
        public long fragmentedBytes() {
            long[] values = NativeMemory.arenaStatistics(number);
            return values == null ? -1 : Statistics.of(values).fragmentedBytes();
        }

        @Override
        public void giveBack() {
            if (back.compareAndSet(false, true)) {
                free.add(number);
            }
        }
    }

    private static long live(int number) {
        long[] values = NativeMemory.arenaStatistics(number);
        return values == null ? -1 : Statistics.of(values).allocatedBytes();
    }
}
