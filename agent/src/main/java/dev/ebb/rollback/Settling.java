package dev.ebb.rollback;

import dev.ebb.load.Load;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Loads whose futures have been completed just now. A caller may be giving up on one at this very moment, and be stopped by a collection or a busy machine
 * before it can tell: both ends of a long pause look as if they came at once. So a load is decided a little later. Used by the worker alone.
 */
final class Settling {
    private static final long SETTLED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Set<Load> loads = new LinkedHashSet<>();
    private boolean over;

    /** Whether it is too early to decide; then it comes out of {@link #settled} when it no longer is. */
    boolean isTooEarly(Load load) {
        boolean early = !over && !load.futures().carriers().isEmpty() && !isSettled(load, System.nanoTime());
        if (early) {
            loads.add(load);
        }
        return early;
    }

    List<Load> settled() {
        List<Load> settled = new ArrayList<>(0);
        long now = loads.isEmpty() ? 0 : System.nanoTime();
        Iterator<Load> all = loads.iterator();
        // in the order in which they were found, which is about that of their ends
        for (boolean more = true; more && all.hasNext();) {
            Load load = all.next();
            more = over || isSettled(load, now);
            if (more) {
                settled.add(load);
                all.remove();
            }
        }
        return settled;
    }

    /** The program ends: nothing is waited for any more. */
    void end() {
        over = true;
    }

    boolean isEmpty() {
        return loads.isEmpty();
    }

    private static boolean isSettled(Load load, long now) {
        return now - load.futures().carriersEndedNanos() > SETTLED_NANOS;
    }
}
