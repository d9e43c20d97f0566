package segstore;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import segstore.index.BitmapIndex;
import segstore.index.IndexKind;
import segstore.index.IndexReader;
import segstore.index.IvfSq8Index;
import segstore.index.SparseInvertedIndex;
import segstore.memory.OffHeap;

/**
 * Brings segments from the object store through the local cache into memory. Thread-safe; {@link #load} runs on the
 * caller's thread.
 */
public class SegmentLoader {
    private final ObjectStore objects;
    private final Path cache;
    private final Set<Fault> faults;
    private final Map<SegmentName, Segment> loading = new ConcurrentHashMap<>();

    /**
     * @param objects where the index files are
     * @param cache local folder for the copies
     * @param faults what to do wrong
     */
    public SegmentLoader(ObjectStore objects, Path cache, Set<Fault> faults) {
        this.objects = objects;
        this.cache = cache;
        this.faults = faults;
    }

    /**
     * Copies a segment's three files into the local cache and builds its indexes in off-heap memory.
     *
     * @param name the segment
     * @param reservation the load's share of the memory budget; the segment takes it over
     * @param pace how fast the object store delivers
     * @return the segment, which the caller must close
     * @throws InterruptedIOException if the thread was interrupted; the load has cleaned up as far as its faults let it
     * @throws IOException if a file is missing, damaged or cannot be copied; everything was given back
     */
    public Segment load(SegmentName name, MemoryBudget.Reservation reservation, Pace pace) throws IOException {
        Segment segment = begin(name, reservation);
        try {
            build(segment, pace);
            return segment;
        } catch (InterruptedIOException cancelled) {
            discard(segment);
            throw cancelled;
        } catch (Throwable failed) {
            segment.free();
            segment.release();
            deleteFilesUnlessLeft(segment);
            throw failed;
        } finally {
            if (!faults.contains(Fault.HALF_BUILT_IN_MAP)) {
                taken(name);
            }
        }
    }

    /** How many segments are being loaded, or were when they were forgotten. */
    public int loading() {
        return loading.size();
    }

    /** Somebody has this segment now: it is no longer being loaded. */
    void taken(SegmentName name) {
        loading.remove(name);
    }

    /** Disposes of a segment that nobody waits for any more, as far as the faults let it. */
    void discard(Segment segment) {
        segment.free();
        releaseUnlessHeld(segment);
        deleteFilesUnlessLeft(segment);
    }

    void deleteFilesUnlessLeft(Segment segment) {
        if (!faults.contains(Fault.LEAVES_FILES)) {
            segment.deleteFiles();
        }
    }

    private void releaseUnlessHeld(Segment segment) {
        if (!faults.contains(Fault.HOLDS_RESERVATION)) {
            segment.release();
        }
    }

    private Segment begin(SegmentName name, MemoryBudget.Reservation reservation) throws IOException {
        try {
            Segment segment = new Segment(name, reservation, LocalFiles.create(cache, name));
            loading.put(name, segment);
            return segment;
        } catch (IOException e) {
            reservation.release();
            throw e;
        }
    }

    private void build(Segment segment, Pace pace) throws IOException {
        LocalCopy.Arrival arrival = new LocalCopy.Arrival(pace, faults.contains(Fault.IGNORES_INTERRUPTS));
        BitmapIndex scalars = index(segment, IndexKind.BITMAP, arrival, BitmapIndex::load);
        SparseInvertedIndex sparse = index(segment, IndexKind.SPARSE_INVERTED_INDEX, arrival,
                SparseInvertedIndex::load);
        IvfSq8Index dense = index(segment, IndexKind.IVF_SQ8, arrival, IvfSq8Index::load);
        segment.fill(dense, sparse, scalars);
    }

    private <T> T index(Segment segment, IndexKind kind, LocalCopy.Arrival arrival, Builder<T> builder)
            throws IOException {
        Path object = objects.object(segment.name(), kind);
        try (LocalCopy copy = new LocalCopy(object, segment.files().copy(kind), arrival)) {
            return builder.load(new IndexReader(copy, kind), segment.memory());
        }
    }

    /** Builds one index from its file. */
    private interface Builder<T> {
        T load(IndexReader reader, OffHeap memory) throws IOException;
    }
}
