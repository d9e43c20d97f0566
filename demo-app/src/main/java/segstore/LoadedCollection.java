package segstore;

import java.util.List;
import java.util.function.Function;
import segstore.index.Hit;
import segstore.index.SparseVector;
import segstore.index.TopK;

/** A collection in memory: asks all its segments and keeps the best. Thread-safe as its segments are. */
public final class LoadedCollection implements AutoCloseable {
    private final List<Segment> segments;

    LoadedCollection(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    /** Off-heap bytes of all segments. */
    public long bytes() {
        return segments.stream().mapToLong(Segment::bytes).sum();
    }

    /** @see Segment#search */
    public List<Hit> search(float[] query, int k, int nprobe) {
        return best(k, segment -> segment.search(query, k, nprobe));
    }

    /** @see Segment#searchWhere */
    public List<Hit> searchWhere(int column, int value, float[] query, int k, int nprobe) {
        return best(k, segment -> segment.searchWhere(column, value, query, k, nprobe));
    }

    /** @see Segment#searchSparse */
    public List<Hit> searchSparse(SparseVector query, int k) {
        return best(k, segment -> segment.searchSparse(query, k));
    }

    /** @see Segment#count */
    public long count(int column, int value) {
        return segments.stream().mapToLong(segment -> segment.count(column, value)).sum();
    }

    /** Closes every segment; a second call does nothing. */
    @Override
    public void close() {
        segments.forEach(Segment::close);
    }

    private List<Hit> best(int k, Function<Segment, List<Hit>> search) {
        TopK best = new TopK(k);
        segments.forEach(segment -> best.offer(search.apply(segment)));
        return best.hits();
    }
}
