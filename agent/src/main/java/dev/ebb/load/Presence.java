package dev.ebb.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which load a thread works for at this very moment, so that Ebb can disturb the thread for that load and for nothing else.
 *
 * <p>Assumes: the thread itself says each time what it does now; Ebb's worker alone holds it. Guarantees: while it is held the thread neither leaves the load
 * nor begins work for anybody else, and what interrupts Ebb has sent are gone when it does, those of the program are not. The thread waits for a holder, who
 * takes as long as a look at its stack, for {@value #WAIT_MILLIS} ms at most.
 */
public final class Presence {
    private static final long WAIT_MILLIS = 2000;
    private static final int SPINS = 1000;
    private static final Object HELD = new Object();

    private static final AtomicIntegerFieldUpdater<Presence> INSIDE = AtomicIntegerFieldUpdater.newUpdater(Presence.class, "inside");

    /** The load, {@link #HELD}, or null. */
    private final AtomicReference<Object> at = new AtomicReference<>();
    private final boolean poolWorker;
    /** How many tasks and bodies of loads are on the thread's stack, its life for a load included. Written by that thread alone, without a fence, and by the one that starts it. */
    private volatile int inside;
    /** The last load that the thread worked for. */
    private long lastLoad;
    /** Ebb has interrupted the thread since it began what it does now. */
    private volatile boolean disturbed;
    /** The same, since the thread began to work for {@link #lastLoad}. */
    private volatile boolean everDisturbed;
    /** The program itself has, since the thread began to work for {@link #lastLoad}. */
    private volatile boolean interruptedByProgram;

    private long attemptsFor;
    private int attempts;
    private long nextNanos;

    /** @param poolWorker a worker of a pool: only in its tasks does it work for anybody */
    public Presence(boolean poolWorker) {
        this.poolWorker = poolWorker;
    }

    public boolean isPoolWorker() {
        return poolWorker;
    }

    // ---- on the thread itself

    /** What it does from now on. @param load null if that is for no load, or none that Ebb may disturb it for */
    public void moveTo(Load load) {
        Object before = at.get();
        if (before == load) {
            return;
        }
        if (before == HELD || !at.compareAndSet(before, load)) {
            awaitRelease(load);
        }
        if (disturbed) {
            disturbed = false;
            if (!interruptedByProgram) {
                Thread.interrupted();
                if (interruptedByProgram) {
                    // in between
                    Thread.currentThread().interrupt();
                }
            }
        }
        if (load != null && load.id() != lastLoad) {
            lastLoad = load.id();
            interruptedByProgram = false;
            everDisturbed = false;
        }
    }

    /** How many tasks and bodies of loads are on its stack now, its life for a load included. */
    public void inside(int bodies) {
        INSIDE.lazySet(this, bodies);
    }

    private void awaitRelease(Load load) {
        long giveUp = 0;
        for (int i = 0;; i++) {
            try {
                Object before = at.get();
                if (before != HELD && at.compareAndSet(before, load)) {
                    return;
                }
                if (i > SPINS) {
                    giveUp = giveUp == 0 ? System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS) : giveUp;
                    if (System.nanoTime() - giveUp > 0) {
                        at.set(load);
                        return;
                    }
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            } catch (LoadAbandonedError thrownByTheHolder) {
                // the last word has reached the thread just as it leaves
            }
        }
    }

    /** It is about to block in a channel. @param load what it works for, if that load has opened the channel: being interrupted there hurts nobody else; else null */
    public void entersChannel(Load load) {
        if (load != null && at.get() == HELD) {
            awaitRelease(load);
        }
        moveTo(load);
    }

    /** @param load what the thread works for */
    public void leavesChannel(Load load) {
        if (at.get() == HELD) {
            awaitRelease(load);
        }
        moveTo(load);
    }

    // ---- on any thread

    /** How many tasks and bodies of loads are on the thread's stack, its life for a load included; 0 if it is in none. */
    public int inside() {
        return inside;
    }

    /** The program interrupts the thread. @param itself it was the thread that did: then that is Ebb's interrupt, if there was one, caught and set again */
    public void programInterrupts(boolean itself) {
        if (itself && everDisturbed && !interruptedByProgram) {
            disturbed = true;
        } else {
            interruptedByProgram = true;
        }
    }

    // ---- on Ebb's worker

    /** @return true if the thread works for that load now, and cannot stop doing so before {@link #letGo} */
    public boolean hold(Load load) {
        return at.compareAndSet(load, HELD);
    }

    public void letGo(Load load) {
        at.compareAndSet(HELD, load);
    }

    /** While held: interrupts the thread for the sake of the load. */
    public void interrupt(Thread thread) {
        everDisturbed = true;
        disturbed = true;
        if (at.get() == HELD) {
            thread.interrupt();
        }
    }

    /** How often the thread was disturbed for that load. */
    public int attempts(Load load) {
        return attemptsFor == load.id() ? attempts : 0;
    }

    /** Whether it is time to look at the thread again. */
    public boolean isDue(Load load, long now) {
        return attemptsFor != load.id() || now - nextNanos >= 0;
    }

    /** It was looked at. @param disturbed whether it was disturbed; @param againNanos when it is to be looked at again at the earliest */
    public void lookedAt(Load load, boolean wasDisturbed, long againNanos) {
        if (attemptsFor != load.id()) {
            attemptsFor = load.id();
            attempts = 0;
        }
        attempts += wasDisturbed ? 1 : 0;
        nextNanos = againNanos;
    }
}
