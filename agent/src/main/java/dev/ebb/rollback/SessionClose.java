package dev.ebb.rollback;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Closes a session of foreign memory. While a native call uses a shared one, its close fails at once; that call ends, mostly soon, and no new one can begin
 * where nobody reaches the session.
 */
final class SessionClose {
    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long WAITS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private SessionClose() { }

    /** @throws IllegalStateException if it is still in use after {@link #WAITS_NANOS} */
    static void close(Consumer<Object> closer, Object session) {
        long waited = 0;
        for (long wait = FIRST_WAIT_NANOS; ; wait *= 2) {
            try {
                closer.accept(session);
                return;
            } catch (IllegalStateException e) {
                if (waited >= WAITS_NANOS) {
                    throw e;
                }
            }
            LockSupport.parkNanos(wait);
            waited += wait;
        }
    }
}
