package segstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import segstore.index.BitmapIndex;
import segstore.index.Hit;
import segstore.index.IvfSq8Index;
import segstore.index.SparseInvertedIndex;
import segstore.index.SparseVector;
import segstore.index.TopK;
import segstore.memory.OffHeap;

/**
 * A loaded segment: its memory, its local files and its reservation, until {@link #close()}.
 *
 * <p>Thread-safe. Searches run side by side; close waits for those under way, and later ones throw
 * {@link IllegalStateException}.
 */
public final class Segment implements AutoCloseable {
    private final SegmentName name;
    private final MemoryBudget.Reservation reservation;
    private final LocalFiles files;
    private final OffHeap memory = new OffHeap();
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();
    private IvfSq8Index dense;
    private SparseInvertedIndex sparse;
    private BitmapIndex scalars;
    private boolean closed;

    /** An empty segment; the loader fills it. */
    Segment(SegmentName name, MemoryBudget.Reservation reservation, LocalFiles files) {
        this.name = name;
        this.reservation = reservation;
        this.files = files;
    }

    public SegmentName name() {
        return name;
    }

    /** Off-heap bytes held now. */
    public long bytes() {
        return memory.bytes();
    }

    /** The {@code k} rows nearest to {@code query} in the {@code nprobe} nearest cells, best first. */
    public List<Hit> search(float[] query, int k, int nprobe) {
        return read(() -> nearest(query, k, nprobe, key -> true));
    }

    /** As {@link #search}, among the rows whose {@code column} has {@code value}. */
    public List<Hit> searchWhere(int column, int value, float[] query, int k, int nprobe) {
        return read(() -> nearest(query, k, nprobe, scalars.where(column, value)));
    }

    /** The {@code k} rows with the largest dot product with {@code query}, best first. */
    public List<Hit> searchSparse(SparseVector query, int k) {
        return read(() -> {
            TopK best = new TopK(k);
            sparse.search(query, best);
            return best.hits();
        });
    }

    /** How many rows have {@code value} in {@code column}. */
    public long count(int column, int value) {
        return read(() -> scalars.count(column, value));
    }

    /**
     * Gives memory, reservation and local files back; a second call does nothing.
     *
     * @throws UncheckedIOException if a file cannot be deleted; the rest has been given back then
     */
    @Override
    public void close() {
        free();
        release();
        deleteFiles();
    }

    OffHeap memory() {
        return memory;
    }

    LocalFiles files() {
        return files;
    }

    void fill(IvfSq8Index vectors, SparseInvertedIndex terms, BitmapIndex columns) {
        dense = vectors;
        sparse = terms;
        scalars = columns;
    }

    /** Gives the memory back, and only that. */
    void free() {
        inUse.writeLock().lock();
        try {
            closed = true;
            memory.close();
        } finally {
            inUse.writeLock().unlock();
        }
    }

    /** Gives the reservation back, and only that. */
    void release() {
        reservation.release();
    }

    void deleteFiles() {
        try {
            files.delete();
        } catch (IOException e) {
            throw new UncheckedIOException("the local files of segment " + name + " cannot be deleted", e);
        }
    }

    private List<Hit> nearest(float[] query, int k, int nprobe, LongPredicate wanted) {
        TopK best = new TopK(k);
        dense.search(query, nprobe, wanted, best);
        return best.hits();
    }

    private <T> T read(Supplier<T> search) {
        inUse.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("segment " + name + " is closed");
            }
            return search.get();
        } finally {
            inUse.readLock().unlock();
        }
    }
}
