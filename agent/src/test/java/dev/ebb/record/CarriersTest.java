package dev.ebb.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ebb.load.Load;
import dev.ebb.load.Site;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class CarriersTest {
    private final Carriers carriers = new Carriers();
    private long loads;

    private Load carriedBy(Object... futures) {
        Load load = new Load(++loads, new Site(0, "a.B#load", null, false, null, 0, false), "-", null, 0);
        List<WeakReference<Object>> references = new ArrayList<>();
        for (Object future : futures) {
            references.add(Carriers.reference(future));
        }
        load.futures().carriedBy(references);
        carriers.add(load);
        return load;
    }

    private static FutureTask<Object> task() {
        return new FutureTask<>(() -> null);
    }

    @Test
    void aTaskLeadsToItsLoadsAlone() {
        FutureTask<Object> outer = task();
        FutureTask<Object> inner = task();
        Load one = carriedBy(outer);
        Load nested = carriedBy(outer, inner);
        carriedBy(task());
        Load none = carriedBy();
        assertEquals(List.of(one, nested), List.copyOf(carriers.of(outer)));
        assertEquals(List.of(nested), List.copyOf(carriers.of(inner)));
        assertEquals(List.of(), List.copyOf(carriers.of(task())));
        carriers.remove(one);
        carriers.remove(none);
        assertEquals(List.of(nested), List.copyOf(carriers.of(outer)));
        carriers.remove(nested);
        assertEquals(List.of(), List.copyOf(carriers.of(outer)));
        assertEquals(List.of(), List.copyOf(carriers.of(null)));
    }

    @Test
    void aStageMayBeReachedFromAnyOther() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        Load load = carriedBy(stage);
        Load both = carriedBy(task(), stage);
        carriedBy(task());
        assertEquals(Set.of(load, both), Set.copyOf(carriers.of(new CompletableFuture<>())));
        carriers.remove(both);
        assertEquals(Set.of(load), Set.copyOf(carriers.of(stage)));
    }

    @Test
    void nothingStaysOfLoadsWhoseFuturesAreGone() {
        List<Load> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            FutureTask<Object> future = task();
            // each has a key of its own
            all.add(carriedBy(future));
            all.add(carriedBy(future));
            all.add(carriedBy(future, new CompletableFuture<>()));
        }
        // as the collector does
        all.forEach(load -> load.futures().carriers().forEach(WeakReference::clear));
        all.forEach(carriers::remove);
        assertTrue(carriers.isEmpty());
    }
}
