package dev.ebb.record;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.load.Kind;
import dev.ebb.load.Trouble;
import java.util.concurrent.TimeUnit;

/**
 * Hears woven code until the recorder is there, which is made beside the program's first steps. Whoever enters a load meanwhile waits here, and so does what the recorder has to know of
 * before a load begins: which futures a thread computes, and on which somebody has given up. All else can pass unheard, since nothing was recorded that it could concern.
 *
 * <p>Nobody waits for longer than {@link #PATIENCE_SECONDS}, and after that nobody any more: the thread may hold what the making of the recorder needs. Waits on a monitor of its own, which
 * is held for nothing else, and loads nothing, as the thread may be at the end of its stack.
 */
public final class Door extends EbbBridge {
    /** Some hundred times what the recorder takes, for machines that have more to do: with fifty threads for two processors it took 5. */
    private static final long PATIENCE_SECONDS = 10;
    private static final long NANOS_A_MILLI = 1_000_000;

    private final Trouble trouble;
    private final long patienceNanos;
    private final Thread maker;
    private volatile Recorder recorder;
    private boolean open;

    /** @param maker makes the recorder: it may run code of the program's on the way, as a class loader is, and never waits */
    public Door(Thread maker, Trouble trouble) {
        this(maker, trouble, TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
    }

    Door(Thread maker, Trouble trouble, long patienceNanos) {
        this.maker = maker;
        this.trouble = trouble;
        this.patienceNanos = patienceNanos;
    }

    /** Whoever waits may go on, and is recorded from now on. @param its null if there will be none; else the bridge must have been connected to it before */
    public synchronized void open(Recorder its) {
        recorder = its;
        open = true;
        notifyAll();
    }

    @Override
    protected void onEntered(int site, Object receiver, Object[] arguments) {
        Recorder listener = await();
        if (listener != null) {
            listener.onEntered(site, receiver, arguments);
        }
    }

    @Override
    protected void onSeen(int kind, Object a, Object b, long x, long y) {
        if (kind == Kind.TASK_ENTERED || kind == Kind.CARRIER_ENTERED || kind == Kind.GET_TIMED_OUT) {
            Recorder listener = await();
            if (listener != null) {
                listener.onSeen(kind, a, b, x, y);
            }
        }
    }

    /** @return null if there is none, or none in time */
    private Recorder await() {
        if (Thread.currentThread() != maker) {
            awaitOpen();
        }
        return recorder;
    }

    private synchronized void awaitOpen() {
        long end = System.nanoTime() + patienceNanos;
        boolean interrupted = false;
        while (!open) {
            long left = (end - System.nanoTime()) / NANOS_A_MILLI;
            if (left <= 0) {
                giveUp();
                break;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                // meant for the program, which gets it afterwards
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveUp() {
        // nobody waits a second time
        open = true;
        notifyAll();
        trouble.report("start", new IllegalStateException("a thread has waited " + TimeUnit.NANOSECONDS.toSeconds(patienceNanos)
            + " s for Ebb to be ready, and went on without: " + Thread.currentThread().getName()),
            "what it loads then is not recorded; probably it holds a lock, as that of the system class loader, which Ebb needs to get ready");
    }

    // ---- what concerns no load, since none has begun

    @Override
    protected void onTaken(int kind, Object a, Object b, long x, long y) {
        // nobody's
    }

    @Override
    protected void onEnding(int kind, Object a) {
        // of nothing
    }

    @Override
    protected Object onWrap(int kind, Object owner, Object task) {
        return task;
    }

    @Override
    protected void onLeft(int site, Object result, Throwable thrown) {
        // it was not seen to begin
    }

    @Override
    protected Error onCheck() {
        return null;
    }

    // ---- of those who have waited

    @Override
    protected void onTrouble(int kind, Throwable cause) {
        Recorder listener = recorder;
        if (listener != null) {
            listener.onTrouble(kind, cause);
        }
    }

    @Override
    protected void onBoundaryTrouble(Throwable cause) {
        Recorder listener = recorder;
        if (listener != null) {
            listener.onBoundaryTrouble(cause);
        }
    }
}
