package scenario.hostile;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One load: its name is the label in Ebb's log, its size tells it apart in the ledger. Outlives what it counts. */
final class Order {
    final String name;
    final int bytes;
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch mayEnd = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    final AtomicInteger closes = new AtomicInteger();

    Order(String name, int bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /** Says that it has begun and waits until it may end. */
    void pass() {
        begun.countDown();
        await(mayEnd);
    }

    /** Whatever interrupts come meanwhile, as native code would. */
    static void await(CountDownLatch latch) {
        boolean arrived = false;
        while (!arrived) {
            try {
                arrived = latch.await(10, TimeUnit.MINUTES);
                check(arrived, "waited for ten minutes");
            } catch (InterruptedException ignored) {
                // the next round waits on
            }
        }
    }

    static void check(boolean truth, String otherwise) {
        if (!truth) {
            throw new AssertionError(otherwise);
        }
    }
}
