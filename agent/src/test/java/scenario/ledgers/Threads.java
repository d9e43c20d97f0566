package scenario.ledgers;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Handing work to a thread and waiting for it. */
final class Threads {
    private Threads() { }

    interface Maker {
        Thread make(Runnable work);
    }

    static void startAndJoin(Work work, Maker maker) throws Exception {
        Outcome result = new Outcome(work);
        Thread thread = maker.make(result);
        thread.start();
        thread.join();
        result.check();
    }

    /** A plain runnable that keeps what its work throws: a FutureTask would carry the load itself. */
    static final class Outcome implements Runnable {
        private final Work work;
        private volatile Throwable thrown;

        Outcome(Work work) {
            this.work = work;
        }

        @Override
        public void run() {
            try {
                work.run();
            } catch (Throwable t) {
                thrown = t;
            }
        }

        void check() {
            if (thrown != null) {
                throw new AssertionError(thrown);
            }
        }
    }

    interface Executor {
        void execute(Runnable task);
    }

    /** Hands it over and waits until it is done. */
    static void executed(Work work, Executor executor) {
        CountDownLatch done = new CountDownLatch(1);
        Outcome result = new Outcome(work);
        executor.execute(() -> {
            result.run();
            done.countDown();
        });
        await(done);
        result.check();
    }

    static Callable<Integer> callable(Work work) {
        return () -> done(work);
    }

    static int done(Work work) {
        try {
            work.run();
            return 1;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(2, TimeUnit.MINUTES)) {
                throw new AssertionError("waited two minutes");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
