package scenario;

import dev.ebb.testing.NativeBlocks;
import dev.ebb.testing.NativeCalls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeoutException;

/**
 * Loads whose native memory comes from malloc, as an engine's does; the label says which. Loads nothing until told by a line on stdin. Arguments: none, or {@code arenas} for what happens
 * to arenas that are used again, which goes on with each further line.
 */
public final class Malloc {
    /** 114,688 bytes each in jemalloc's sizes. */
    static final int BLOCK_BYTES = 100_000;
    static final int BLOCKS = 1_000;

    private static final long MALLOC = NativeCalls.symbol(0, "malloc");
    private static final long FREE = NativeCalls.symbol(0, "free");
    private static final List<Object> KEPT = new ArrayList<>();

    private Malloc() { }

    public static void main(String[] args) throws Exception {
        while (System.in.available() == 0) {
            load("waiting", () -> Thread.sleep(20)); // not faster than Ebb says them one by one
        }
        next();
        load("kept", Malloc::take);
        load("freed", () -> NativeCalls.release(FREE, take(), BLOCKS, 0));
        load("tenth", () -> NativeCalls.release(FREE, take(), BLOCKS, 10));
        load("buffer", () -> KEPT.add(ByteBuffer.allocateDirect(30_000_001)));
        load("unsafe", () -> new NativeBlocks().allocate(20_000_001));
        load("bufferFreed", Malloc::bufferAndMalloc);
        load("ownThread", () -> {
            Thread thread = new Thread(Malloc::take);
            thread.start();
            thread.join();
        });
        load("ownThreadHeard", () -> {
            Thread thread = new Thread(() -> {
                KEPT.add(ByteBuffer.allocateDirect(1));
                take();
            });
            thread.start();
            thread.join();
        });
        ExecutorService pool = Executors.newFixedThreadPool(1);
        pool.submit(Malloc::take).get(); // its thread has taken as much for nobody's load
        load("poolThread", () -> {
            Future<?> future = pool.submit(Malloc::take);
            future.get();
        });
        load("outer", () -> {
            take();
            load("inner", Malloc::take); // loads inside loads count once
        });
        pool.shutdown();
        Freer freer = new Freer();
        load("freedElsewhere", () -> freer.free(take()));
        load("tenthElsewhere", () -> freer.keep(take(), 10));
        freer.end();
        load("survivors", () -> NativeCalls.release(FREE, NativeCalls.allocate(MALLOC, 80_000, 496), 80_000, 8));
        long own = arenaOfThread();
        long[] inside = new long[1];
        load("bound", () -> inside[0] = arenaOfThread());
        load("elsewhere " + !sameArena(own, inside[0]) + ", back " + sameArena(own, arenaOfThread()), () -> { });
        load("foreignThread", () -> NativeCalls.inThreadThatEnds(MALLOC, 0, BLOCKS, BLOCK_BYTES));
        for (int i = 0; i < 40; i++) {
            exact();
        }
        onVirtualThread();
        if (args.length > 0) {
            arenas();
        }
        System.out.println("done");
    }

    /** Always the same, so that neither the JVM nor Ebb has anything to take for it any more: 100 blocks of 1,024 bytes and their array of 896 in jemalloc's sizes. */
    private static void exact() throws Exception {
        load("exact", () -> NativeCalls.allocate(MALLOC, 100, 1_000));
        load("exactFreed", () -> NativeCalls.release(FREE, NativeCalls.allocate(MALLOC, 100, 1_000), 100, 0));
    }

    /** From JDK 21 on: its OS thread is not its own. */
    private static void onVirtualThread() throws Exception {
        if (Runtime.version().feature() >= 21) {
            ((Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, (Runnable) () -> {
                try {
                    load("virtualThread", Malloc::take);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            })).join();
        }
    }

    private static void arenas() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        long before = pool.submit(Malloc::arenaOfThread).get();
        long[] inside = new long[1];
        load("bound", () -> inside[0] = pool.submit(Malloc::arenaOfThread).get());
        long after = pool.submit(Malloc::arenaOfThread).get();
        load("pool elsewhere " + !sameArena(before, inside[0]) + ", back " + sameArena(before, after), () -> { });
        pool.shutdown();

        // what other loads have left in an arena, and is freed while the next one uses it
        long[] left = hold(20, "left");
        next();
        Freer freer = new Freer();
        load("afterOthers", () -> {
            freer.free(left, 15);
            NativeCalls.release(FREE, take(), BLOCKS, 10);
        });
        // more of them than there may be arenas
        long[] many = hold(70, "many");
        next();
        load("amongMany", Malloc::take);
        KEPT.add(many); // freed any sooner it would be missing from that load's figure
        freer.end();
        try {
            load("leaves", () -> {
                take();
                throw new TimeoutException("expected");
            });
        } catch (TimeoutException expected) {
            next();
        }
    }

    /** So many loads, each of which leaves 15 blocks; @return their addresses */
    private static long[] hold(int loads, String label) throws Exception {
        long[] blocks = new long[loads];
        for (int i = 0; i < loads; i++) {
            int at = i;
            load(label, () -> blocks[at] = NativeCalls.allocate(MALLOC, 15, BLOCK_BYTES));
        }
        load(label + " done", () -> { });
        return blocks;
    }

    private static void next() throws Exception {
        System.in.read();
    }

    private interface Work {
        void run() throws Exception;
    }

    /** The watched method. */
    private static void load(String label, Work work) throws Exception {
        work.run();
    }

    /** A thread of the program that frees what it is handed, and works for no load. */
    private static final class Freer {
        private final SynchronousQueue<long[]> handed = new SynchronousQueue<>();
        private final SynchronousQueue<Boolean> done = new SynchronousQueue<>();

        Freer() {
            Thread thread = new Thread(() -> {
                try {
                    for (long[] blocks = handed.take(); blocks[0] != 0; blocks = handed.take()) {
                        NativeCalls.release(FREE, blocks[0], blocks[2], blocks[1]);
                        done.put(true);
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        void free(long blocks) throws InterruptedException {
            keep(blocks, 0);
        }

        void keep(long blocks, long each) throws InterruptedException {
            free(blocks, each, BLOCKS);
        }

        /** Each is an array of so many. */
        void free(long[] arrays, long count) throws InterruptedException {
            for (long blocks : arrays) {
                free(blocks, 0, count);
            }
        }

        private void free(long blocks, long each, long count) throws InterruptedException {
            handed.put(new long[] {blocks, each, count});
            done.take();
        }

        void end() throws InterruptedException {
            handed.put(new long[3]);
        }
    }

    /** @return where jemalloc has written the number of the arena that this thread allocates from (man 3 jemalloc, thread.arena); under another allocator where nothing was */
    private static long arenaOfThread() {
        long mallctl = NativeCalls.symbol(0, "mallctl");
        long number = NativeCalls.call("calloc", 1, 8);
        long length = NativeCalls.call("calloc", 1, 8);
        NativeCalls.call("memset", length, Integer.BYTES, 1); // little-endian
        if (mallctl != 0) {
            NativeCalls.call(mallctl, text("thread.arena"), number, length, 0, 0, 0);
        }
        return number;
    }

    private static boolean sameArena(long one, long other) {
        return (int) NativeCalls.call("memcmp", one, other, Integer.BYTES) == 0;
    }

    private static long text(String ascii) {
        long address = NativeCalls.call("calloc", 1, ascii.length() + 1);
        for (int i = 0; i < ascii.length(); i++) {
            NativeCalls.call("memset", address + i, ascii.charAt(i), 1);
        }
        return address;
    }

    private static long take() {
        return NativeCalls.allocate(MALLOC, BLOCKS, BLOCK_BYTES);
    }

    private static void bufferAndMalloc() {
        NativeBlocks blocks = new NativeBlocks();
        long address = blocks.allocate(20_000_001);
        take();
        blocks.free(address);
    }
}
