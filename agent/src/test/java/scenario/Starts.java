package scenario;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Threads of loads whose start takes long, fails, or is asked for twice. */
public final class Starts {
    /** Longer than the time between two of the looks that Ebb takes at the threads of loads. */
    private static final long HELD_MILLIS = 2_500;

    private Starts() { }

    interface Work {
        void run() throws Exception;
    }

    /** Watched. */
    static void load(String name, Work work) throws Exception {
        work.run();
    }

    public static void main(String[] args) throws Exception {
        slow();
        load("failed", () -> {
            // no address space has room for its stack
            Thread thread = new Thread(null, () -> { }, "scenario-too-large", 1L << 46);
            try {
                thread.start();
                throw new AssertionError();
            } catch (OutOfMemoryError expected) {
                Kept.direct(20_004);
            }
        });
        load("twice", () -> {
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = new Thread(() -> await(end));
            thread.start();
            try {
                thread.start();
                throw new AssertionError();
            } catch (IllegalThreadStateException expected) {
                end.countDown();
            }
            thread.join();
            Kept.direct(20_005);
        });
        System.out.println("done");
    }

    /** Somebody has the lock that a start needs: of the thread, or before JDK 19 of its group. */
    private static void slow() throws Exception {
        ThreadGroup group = new ThreadGroup("scenario-group");
        Thread thread = new Thread(group, () -> Kept.direct(20_003));
        CountDownLatch held = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            synchronized (Runtime.version().feature() >= 19 ? thread : group) {
                held.countDown();
                try {
                    TimeUnit.MILLISECONDS.sleep(HELD_MILLIS);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        holder.start();
        held.await();
        load("slow", () -> {
            thread.start();
            thread.join();
        });
        holder.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
