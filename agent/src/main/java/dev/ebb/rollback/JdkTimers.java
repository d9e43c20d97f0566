package dev.ebb.rollback;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The thread with which the JDK (25, java.util.concurrent.DelayScheduler) runs the time limits of futures keeps the last one that went off, and its future
 * with it, in a variable of its stack until the next one comes: a collection cannot prove such a future unreachable.
 */
final class JdkTimers {
    private static final String NAME = "-delayScheduler";

    private JdkTimers() { }

    /** Gives that thread next ones, of nobody's. Only where it runs already: Ebb starts no thread that the program does not have. */
    static void nudge() {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        // those that begin meanwhile are none that keep anything
        Thread[] threads = new Thread[top.activeCount() + 64];
        int count = top.enumerate(threads, true);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().endsWith(NAME) && threads[i].getClass().getClassLoader() == null) {
                // two at a time, one behind the other: another variable keeps what stood before the last one in the queue
                new CompletableFuture<Object>().completeOnTimeout(null, 50, TimeUnit.MILLISECONDS);
                new CompletableFuture<Object>().completeOnTimeout(null, 1, TimeUnit.NANOSECONDS);
                return;
            }
        }
    }
}
