package patient;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Loads that begin as soon as the program does. */
final class Early {
    private Early() { }

    /** In a pool; whoever waits for it gives up before it ends. */
    static void giveUp(int bytes) {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        CountDownLatch gaveUp = new CountDownLatch(1);
        Future<ByteBuffer> future = pool.submit(() -> Loader.loadAfter(gaveUp, bytes));
        try {
            future.get(1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println("gave up");
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        gaveUp.countDown();
        pool.shutdown();
    }

    /** In a static initialiser, and under a lock that Ebb needs. */
    static final class Locked {
        static final ByteBuffer LOADED;

        static {
            synchronized (DelayingAgent.LOCK) {
                DelayingAgent.held = true;
                LOADED = Loader.load(1000);
            }
        }

        private Locked() { }
    }
}
