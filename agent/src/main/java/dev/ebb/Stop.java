package dev.ebb;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The shutdown hook: what has ended is said. Does it on a daemon thread and waits for that no longer than {@value #LIMIT_MILLIS} ms, nor for a line that takes {@value #LINE_MILLIS} ms: the log
 * may go to a pipe that nobody reads any more, and the program wants to end. Where twenty threads wanted each of two processors, what is done in milliseconds took more than two seconds.
 */
final class Stop implements Runnable {
    private static final long LIMIT_MILLIS = 10_000;
    private static final long LINE_MILLIS = 2000;
    private static final long LOOK_MILLIS = 100;

    private final Instance instance;

    Stop(Instance instance) {
        this.instance = instance;
    }

    @Override
    public void run() {
        try {
            LastWords lastWords = new LastWords();
            Thread thread = new Thread(null, lastWords, "ebb-last-words", 0, false);
            thread.setDaemon(true);
            thread.start();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
            boolean waits = true;
            while (waits) {
                waits = !lastWords.said.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) && System.nanoTime() - end < 0 && !instance.isStuck(TimeUnit.MILLISECONDS.toNanos(LINE_MILLIS));
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            // nothing may keep the program from ending
        }
    }

    private final class LastWords implements Runnable {
        private final CountDownLatch said = new CountDownLatch(1);

        @Override
        public void run() {
            try {
                instance.stop();
            } finally {
                said.countDown();
            }
        }
    }
}
