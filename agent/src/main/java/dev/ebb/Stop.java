package dev.ebb;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The shutdown hook: what has ended is said. Does it on a daemon thread and waits for that no longer than {@value #LIMIT_MILLIS} ms: the log may go to a
 * pipe that nobody reads any more, and the program wants to end. Half a second was too short for the first load of a program that ended right after it, on a machine with more to do.
 */
final class Stop implements Runnable {
    private static final long LIMIT_MILLIS = 2000;

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
            lastWords.said.await(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
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
