package fleet;

import java.io.IOException;

/** Waits for what has to happen, and says what has not. */
final class Patience {
    private static final long LOOK_MILLIS = 100;

    private Patience() { }

    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** @param what a sentence's rest, as in "within 30 s it has not come about that …" */
    static void until(String what, long seconds, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IOException("Within " + seconds + " s it has not come about that " + what);
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }
}
