package scenario;

import dev.ebb.testing.NativeCalls;

import java.util.concurrent.TimeoutException;

/** A load that keeps what it has from malloc, and one that times out and has freed it; for native/jvm-aarch64, which leads it by lines on stdin. */
public final class Aarch64 {
    private static final long MALLOC = NativeCalls.symbol(0, "malloc");
    private static final long FREE = NativeCalls.symbol(0, "free");
    private static final int BLOCKS = 1_000;
    /** 114,688 bytes in jemalloc's sizes. */
    private static final int BLOCK_BYTES = 100_000;

    private Aarch64() { }

    public static void main(String[] args) throws Exception {
        while (System.in.available() == 0) {
            load("waiting", 0);
            Thread.sleep(200); // not faster than Ebb says them one by one
        }
        System.in.read();
        load("kept", 0);
        try {
            load("late", 20);
        } catch (TimeoutException expected) {
            System.in.read();
        }
        System.out.println("done");
    }

    /** Watched. */
    private static void load(String label, int keep) throws TimeoutException {
        if (label.equals("waiting")) {
            return;
        }
        long blocks = NativeCalls.allocate(MALLOC, BLOCKS, BLOCK_BYTES);
        if (keep > 0) {
            NativeCalls.release(FREE, blocks, BLOCKS, keep);
            throw new TimeoutException();
        }
    }
}
