package scenario;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Loads that run out of stack or heap, and loads after them. */
public final class Exhausted {
    private static final ExecutorService POOL = Executors.newFixedThreadPool(1, Exhausted::daemon);

    private Exhausted() { }

    interface Work {
        void run() throws Exception;
    }

    /** Watched: what is begun in it belongs to it. */
    static void outer(String name, Work work) throws Exception {
        work.run();
    }

    /** Watched, and calls itself until there is no stack left, {@code times} over. */
    static int deep(String name, int times) {
        Kept.direct(times);
        try {
            return fall(name, 0);
        } catch (StackOverflowError end) {
            return times > 1 ? deep(name, times - 1) : 0;
        }
    }

    /** Watched. */
    static int fall(String name, int depth) {
        return fall(name, depth + 1) + 1;
    }

    public static void main(String[] args) throws Exception {
        outer("before", () -> Kept.direct(57_000));
        deep("deep", 3);
        outer("after-deep", () -> Kept.direct(57_001));
        outer("around-deep", () -> {
            deep("part", 1);
            Kept.direct(57_002);
        });
        POOL.submit(() -> deep("deep-in-task", 2)).get();
        try {
            outer("out-of-memory", () -> {
                Kept.direct(57_003);
                // more than the heap has; a heap that is full to the brim would have java.lang.instrument complain about classes that it cannot load
                Kept.keep(new long[Integer.MAX_VALUE - 8]);
            });
            throw new AssertionError();
        } catch (OutOfMemoryError expected) {
            // no heap is left
        }
        outer("after-out-of-memory", () -> Kept.direct(57_004));
        System.out.println("waiting");
        System.in.read();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }
}
