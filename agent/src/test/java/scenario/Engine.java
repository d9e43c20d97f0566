package scenario;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Loads segments, and ignores interrupts meanwhile, as native code does. */
final class Engine {
    private Engine() { }

    /** One load of a scenario: its name is the label in the log, its size tells it apart in the ledger. */
    static final class Order {
        final String name;
        final int bytes;
        /** For whoever is to call the load at a time of its own. */
        final CountDownLatch mayBegin = new CountDownLatch(1);
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);
        final CountDownLatch ended = new CountDownLatch(1);
        final java.util.concurrent.atomic.AtomicInteger closes = new java.util.concurrent.atomic.AtomicInteger();

        Order(String name, int bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        /** Lets the load end at once. */
        Order open() {
            mayEnd.countDown();
            return this;
        }
    }

    /** The watched method. Ends when its order lets it. */
    static Segment load(String name, Order order) {
        Segment segment = new Segment(order.bytes, order.closes);
        order.begun.countDown();
        await(order.mayEnd);
        order.ended.countDown();
        return segment;
    }

    /** Watched, too: takes memory and throws. */
    static Segment fail(String name, int bytes, Throwable how) throws Throwable {
        Kept.direct(bytes);
        throw how;
    }

    /** Whatever interrupts come meanwhile. */
    static void await(CountDownLatch latch) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (latch.getCount() > 0) {
            try {
                if (!latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw new AssertionError("waited ten minutes");
                }
            } catch (InterruptedException ignored) {
                // as native code would
            }
        }
    }
}
