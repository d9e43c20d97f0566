package segstore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;

/**
 * Loads collections, each segment on a loader thread, under a memory budget and a time limit. Thread-safe.
 *
 * <p>How well it behaves towards loads that pass their limit is a matter of its {@linkplain Fault faults}.
 */
public final class SegmentStore implements AutoCloseable {
    private final ObjectStore objects;
    private final SegmentLoader loader;
    private final MemoryBudget budget;
    private final Set<Fault> faults;
    private final LoaderPool pool;

    /**
     * @param objects where the collections are
     * @param cache local folder for copies of index files
     * @param budget memory for all segments together
     * @param loaders loader threads, at least 1
     * @param faults what to do wrong
     */
    public SegmentStore(ObjectStore objects, Path cache, MemoryBudget budget, int loaders, Set<Fault> faults) {
        this(objects, new SegmentLoader(objects, cache, Set.copyOf(faults)), budget, loaders, faults);
    }

    /** With a loader of one's own. */
    SegmentStore(ObjectStore objects, SegmentLoader loader, MemoryBudget budget, int loaders, Set<Fault> faults) {
        this.objects = objects;
        this.loader = loader;
        this.budget = budget;
        this.faults = Set.copyOf(faults);
        this.pool = new LoaderPool(loaders);
    }

    /**
     * Loads all segments of a collection.
     *
     * @param collection its name
     * @param loadTimeoutSeconds how long the caller waits for all of them together
     * @param pace how fast the object store delivers a segment of so many bytes
     * @return the collection, which the caller must close
     * @throws TimeoutException if a segment was not there in time
     * @throws LoadRefusedException if the budget has no room for all segments; nothing was begun
     * @throws IOException if an index file is missing, damaged or cannot be copied
     */
    public LoadedCollection load(String collection, long loadTimeoutSeconds, LongFunction<Pace> pace)
            throws TimeoutException, LoadRefusedException, IOException, InterruptedException {
        List<PendingLoad> loads = reserve(collection, pace);
        CollectionLoad load = new CollectionLoad(loader, faults, loadTimeoutSeconds);
        loads.forEach(segment -> load.begin(segment, pool));
        return new LoadedCollection(load.await());
    }

    /** Loads that have begun or wait for a thread, wanted or not. */
    public int loadsUnderWay() {
        return pool.underWay();
    }

    /** Waits until no load is under way; false if that took longer than {@code limit}. */
    public boolean awaitIdle(Duration limit) throws InterruptedException {
        return pool.awaitIdle(limit);
    }

    /** Segments in the map of those being loaded. */
    public int segmentsLoading() {
        return loader.loading();
    }

    /** Ends the loader threads; segments that were handed out stay open. */
    @Override
    public void close() {
        pool.shutdownNow();
    }

    private List<PendingLoad> reserve(String collection, LongFunction<Pace> pace)
            throws IOException, LoadRefusedException {
        List<PendingLoad> loads = new ArrayList<>();
        try {
            for (SegmentName name : objects.segments(collection)) {
                long bytes = objects.bytes(name);
                MemoryBudget.Reservation reservation = budget.reserve(name, bytes);
                loads.add(new PendingLoad(loader, faults, name, reservation, pace.apply(bytes)));
            }
            return loads;
        } catch (IOException | LoadRefusedException e) {
            loads.forEach(PendingLoad::forget);
            throw e;
        }
    }
}
