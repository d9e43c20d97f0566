package dev.ebb.record;

import dev.ebb.load.IdentityKey;
import dev.ebb.load.Load;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * Finds the loads that a future may carry without asking all of them: with thousands of them open, each timeout, cancel and read of the program would take a millisecond. Keeps no future alive, and reads none
 * that it keeps weakly (but for one look when the second load of the same future is decided): what is read while a collector marks beside the program counts as reachable in that collection. Thread-safe.
 */
final class Carriers {
    /** By each future that is no CompletableFuture. */
    private final ConcurrentHashMap<IdentityKey, List<Load>> byFuture = new ConcurrentHashMap<>();
    /** Loads that a CompletableFuture carries: whoever waits may do so for any stage that depends on it. */
    private final Set<Load> staged = ConcurrentHashMap.newKeySet();

    /** What stands for a future among those that carry a load. */
    static WeakReference<Object> reference(Object future) {
        return future instanceof CompletableFuture ? new WeakReference<>(future) : new IdentityKey(future);
    }

    /** To be called once its carriers are known, and {@link #remove} whatever happens here. */
    void add(Load load) {
        List<WeakReference<Object>> carriers = load.futures().carriers();
        for (int i = 0; i < carriers.size(); i++) {
            if (carriers.get(i) instanceof IdentityKey) {
                byFuture.merge((IdentityKey) carriers.get(i), List.of(load), And.INSTANCE);
            } else {
                staged.add(load);
            }
        }
    }

    void remove(Load load) {
        List<WeakReference<Object>> carriers = load.futures().carriers();
        for (int i = 0; i < carriers.size(); i++) {
            if (carriers.get(i) instanceof IdentityKey) {
                remove(load, (IdentityKey) carriers.get(i));
            } else {
                staged.remove(load);
            }
        }
    }

    private void remove(Load load, IdentityKey key) {
        Without without = new Without(load);
        byFuture.computeIfPresent(key, without);
        if (without.found) {
            return;
        }
        // two loads of one future that is gone: the key of the other one stands for both, and nothing tells that they are equal
        for (Map.Entry<IdentityKey, List<Load>> entry : byFuture.entrySet()) {
            if (entry.getValue().contains(load)) {
                byFuture.computeIfPresent(entry.getKey(), without);
            }
        }
    }

    /** Those that the future may carry, itself or through what it depends on; no others have anything to do with it. Weakly consistent. */
    Collection<Load> of(Object future) {
        if (future instanceof CompletableFuture) {
            return staged;
        }
        List<Load> found = future == null || byFuture.isEmpty() ? null : byFuture.get(new Probe(future));
        return found == null ? List.of() : found;
    }

    /** Of loads that are not removed yet; for tests. */
    boolean isEmpty() {
        return byFuture.isEmpty() && staged.isEmpty();
    }

    /** A class and no lambda, as the other one, so that a program's first load links none. */
    private enum And implements BiFunction<List<Load>, List<Load>, List<Load>> {
        INSTANCE;

        @Override
        public List<Load> apply(List<Load> some, List<Load> more) {
            List<Load> all = new ArrayList<>(some);
            all.addAll(more);
            return all;
        }
    }

    private static final class Without implements BiFunction<IdentityKey, List<Load>, List<Load>> {
        private final Load load;
        private boolean found;

        Without(Load load) {
            this.load = load;
        }

        @Override
        public List<Load> apply(IdentityKey key, List<Load> loads) {
            if (!loads.contains(load)) {
                return loads;
            }
            found = true;
            List<Load> others = new ArrayList<>(loads);
            others.remove(load);
            return others.isEmpty() ? null : others;
        }
    }
}
