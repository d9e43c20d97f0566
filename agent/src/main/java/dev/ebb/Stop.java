package dev.ebb;

import dev.ebb.record.Recorder;
import dev.ebb.rollback.Worker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The shutdown hook: what has ended is said. Does it on a daemon thread and waits for that no longer than {@value #LIMIT_MILLIS} ms: the log may go to a
 * pipe that nobody reads any more, and the program wants to end. Half a second was too short for the first load of a program that ended right after it, on a machine with more to do.
 */
final class Stop implements Runnable {
    private static final long LIMIT_MILLIS = 2000;

    private final Recorder recorder;
    private final Worker worker;
    private final Reporter reporter;

    Stop(Recorder recorder, Worker worker, Reporter reporter) {
        this.recorder = recorder;
        this.worker = worker;
        this.reporter = reporter;
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
                recorder.ignoreThisThread();
                worker.stop();
                reporter.stopped();
            } finally {
                said.countDown();
            }
        }
    }
}
