package scenario;

import dev.ebb.testing.NativeBlocks;
import dev.ebb.testing.NativeCalls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Loads whose native memory comes from malloc, as an engine's does; the label says which. Loads nothing until told by a line on stdin. */
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
        load("foreignThread", () -> NativeCalls.inThreadThatEnds(MALLOC, 0, BLOCKS, BLOCK_BYTES));
        System.out.println("done");
    }

    private interface Work {
        void run() throws Exception;
    }

    /** The watched method. */
    private static void load(String label, Work work) throws Exception {
        work.run();
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
