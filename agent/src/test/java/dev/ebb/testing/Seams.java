package dev.ebb.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The seams of Ebb in this process: each method in which something may go wrong. Counts which were reached, and has one at a time fail, once, in the way asked for. Woven into Ebb's own classes by {@link SeamAgent}.
 * Thread-safe. What it does takes no resource, so that nothing of it is recorded.
 */
public final class Seams {
    private static final int MOST = 8192;
    private static final List<String> NAMES = new ArrayList<>();
    private static final boolean[] REACHED = new boolean[MOST];
    private static final AtomicLong TROUBLES = new AtomicLong();
    private static volatile int armed = -1;
    private static volatile Kind kind;

    /** How it fails. */
    public enum Kind {
        EXCEPTION, ERROR, OUT_OF_MEMORY, STACK_OVERFLOW, HANG;

        private void happen(String seam) {
            switch (this) {
                case EXCEPTION -> throw new IllegalStateException("made to fail: " + seam);
                case ERROR -> throw new NoClassDefFoundError("made to fail: " + seam);
                case OUT_OF_MEMORY -> throw new OutOfMemoryError("made to fail: " + seam);
                case STACK_OVERFLOW -> throw new StackOverflowError("made to fail: " + seam);
                default -> hang();
            }
        }

        private static void hang() {
            long end = System.nanoTime() + 300_000_000L;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
    }

    private Seams() { }

    /** @return the number by which {@link #hit} knows it */
    static synchronized int register(String name) {
        NAMES.add(name);
        return NAMES.size() - 1;
    }

    /** Called at the beginning of each seam. */
    public static void hit(int seam) {
        REACHED[seam] = true;
        if (armed == seam) {
            disarmed(seam);
        }
    }

    private static void disarmed(int seam) {
        String name;
        synchronized (Seams.class) {
            if (armed != seam) {
                return;
            }
            armed = -1;
            name = NAMES.get(seam);
        }
        kind.happen(name);
    }

    /** Called whenever Ebb counts a trouble. */
    public static void trouble() {
        TROUBLES.incrementAndGet();
    }

    public static long troubles() {
        return TROUBLES.get();
    }

    /** The next call of it fails. */
    public static synchronized void arm(String name, Kind how) {
        kind = how;
        armed = NAMES.indexOf(name);
        if (armed < 0) {
            throw new IllegalArgumentException("there is no seam " + name);
        }
    }

    /** @return whether it has failed since {@link #arm} */
    public static synchronized boolean disarm() {
        boolean failed = armed < 0;
        armed = -1;
        return failed;
    }

    /** In the order of their names. */
    public static synchronized List<String> named(boolean reached) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if (REACHED[i] == reached) {
                names.add(NAMES.get(i));
            }
        }
        names.sort(null);
        return names;
    }
}
