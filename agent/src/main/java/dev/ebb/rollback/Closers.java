package dev.ebb.rollback;

import dev.ebb.load.Trouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The threads that close, in the whole process: a close is code of the program. One load after the other has its turn, since two of them may share what they
 * are made of. Thread-safe.
 */
final class Closers {
    /** A close that hangs holds its thread for ever. After so many, whatever closes hang on is not going to go away. */
    private static final int HANGING = 4;

    private final Trouble trouble;
    private final AtomicReference<Closing> turn = new AtomicReference<>();
    private final AtomicInteger hanging = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    Closers(Trouble trouble) {
        this.trouble = trouble;
    }

    /** Whether nothing more is closed, by any load, before one that hangs has come back. */
    boolean areExhausted() {
        return hanging.get() >= HANGING;
    }

    /** What a load is told that nothing was closed for. */
    static String exhausted() {
        return "nothing is closed while " + HANGING + " closes of other loads hang";
    }

    /** Whether no other load has its turn; takes it, also of one that has finished and could not give it back. */
    boolean begin(Closing closing) {
        Closing before = turn.get();
        return (before == null || before.finished()) && turn.compareAndSet(before, closing);
    }

    /** The next may have its turn; nothing happens if this one had none. */
    void ended(Closing closing) {
        turn.compareAndSet(closing, null);
    }

    void entered(Thread thread) {
        threads.add(thread);
    }

    void left(Thread thread) {
        threads.remove(thread);
    }

    boolean isCloser(Thread thread) {
        return threads.contains(thread);
    }

    /** A thread is left to itself, and another goes on in its place. */
    void hangs(String holder) {
        if (hanging.incrementAndGet() == HANGING) {
            trouble.report("rollback.close", new IllegalStateException(HANGING + " closes hang, at last " + holder),
                "Ebb closes nothing more until one of them returns; see the threads named ebb-closer");
        }
    }

    void cameBack() {
        hanging.decrementAndGet();
    }
}
