package scenario.chaos;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What has gone wrong, if anything: the first fault ends the soak. */
final class Sound {
    static final AtomicLong CHECKS = new AtomicLong();
    private static final AtomicReference<Throwable> FAULT = new AtomicReference<>();

    private Sound() { }

    static void check(boolean truth, String otherwise) {
        if (!truth) {
            wrong(new AssertionError(otherwise));
        }
    }

    static void wrong(Throwable fault) {
        if (FAULT.compareAndSet(null, fault)) {
            System.out.println("WRONG " + fault);
            fault.printStackTrace(System.out);
        }
    }

    static boolean isLost() {
        return FAULT.get() != null;
    }

    /** Whether this is the error with which Ebb stops the threads of an abandoned load. */
    static boolean stopsLoads(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t.getClass().getName().contains("LoadAbandoned")) {
                return true;
            }
        }
        return false;
    }
}
