package dev.ebb.rollback;

import dev.ebb.load.Load;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Loads whose futures have been completed just now, so that it is too early to decide them. Used by the worker alone. */
final class Settling {
    private final Set<Load> loads = new LinkedHashSet<>();
    private boolean over;

    /** Whether it is too early to decide; then it comes out of {@link #settled} when it no longer is. */
    boolean isTooEarly(Load load) {
        boolean early = !over && !load.futures().haveSettled(System.nanoTime());
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
            more = over || load.futures().haveSettled(now);
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
}
