package dev.ebb.attach;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for steps that may block, each on a thread of its own, and says each second what for. The JDK's attach API has a limit only until a JVM has been attached to once: from then on it
 * waits for one that is stopped for as long as that is. Used by one thread.
 */
public final class Patience {
    /** As long as a command waits for Ebb: long enough for a collection of a large heap. */
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Progress progress;
    private final long answerNanos;
    private final long began = System.nanoTime();
    private long told;

    /** Hears now and then that it takes its time. */
    public interface Progress {
        /** @param what is waited for; @param seconds since the command began */
        void waiting(String what, long seconds);
    }

    /** One step. */
    public interface Step<T> {
        T run() throws Refusal;
    }

    public Patience(Progress progress) {
        this(progress, ANSWER_NANOS);
    }

    Patience(Progress progress, long answerNanos) {
        this.progress = progress;
        this.answerNanos = answerNanos;
    }

    /** A question that a JVM answers at once. @throws Refusal of the step; or if that takes too long, and then its thread is left behind */
    <T> T ask(JvmProcess jvm, Step<T> question) throws Refusal {
        T answer = run("waiting for the JVM to answer", question, answerNanos);
        if (answer == null) {
            throw new Refusal("process " + jvm.pid() + " does not answer: it hangs, or is stopped; try again when it goes on");
        }
        return answer;
    }

    /** Something that takes as long as it takes. */
    public <T> T await(String what, Step<T> work) throws Refusal {
        return run(what, work, Long.MAX_VALUE);
    }

    /** @return null if it has not ended by then */
    private <T> T run(String what, Step<T> step, long mostNanos) throws Refusal {
        FutureTask<T> task = new FutureTask<>(step::run);
        Thread thread = new Thread(task, "ebb " + what);
        thread.setDaemon(true);
        thread.start();
        for (long start = System.nanoTime(); System.nanoTime() - start < mostNanos;) {
            try {
                return task.get(TimeUnit.SECONDS.toNanos(told + 1) - (System.nanoTime() - began), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                told = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
                progress.waiting(what, told);
            } catch (ExecutionException e) {
                throw thrown(e.getCause());
            } catch (InterruptedException e) {
                throw new Refusal("interrupted while " + what);
            }
        }
        return null;
    }

    private static Refusal thrown(Throwable cause) {
        if (cause instanceof Error) {
            throw (Error) cause;
        }
        if (cause instanceof RuntimeException) {
            throw (RuntimeException) cause;
        }
        return (Refusal) cause;
    }
}
