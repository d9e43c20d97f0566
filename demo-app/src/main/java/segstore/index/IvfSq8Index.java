package segstore.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongPredicate;
import segstore.memory.Block;
import segstore.memory.OffHeap;

/**
 * Dense vectors in cells around centroids, each value scaled to 8 bits.
 *
 * <p>A cell is one section: its rows' keys (8 bytes each), then their codes ({@code dimension} bytes each). The
 * table's extra part is dimension (int), lowest value and step (floats), then the centroids (floats). A code {@code c}
 * stands for the value {@code low + (c + 0.5) * step}. Safe for many searching threads.
 */
public final class IvfSq8Index {
    private static final int BATCH = 512; // vectors copied to the heap at a time
    private static final int PREFIX_BYTES = 12;

    private final int dimension;
    private final float low;
    private final float step;
    private final float[][] centroids;
    private final Block[] cells;

    private IvfSq8Index(ByteBuffer extra, Block[] cells) {
        this.dimension = extra.getInt();
        this.low = extra.getFloat();
        this.step = extra.getFloat();
        this.cells = cells;
        this.centroids = new float[cells.length][dimension];
        for (float[] centroid : centroids) {
            for (int d = 0; d < dimension; d++) {
                centroid[d] = extra.getFloat();
            }
        }
    }

    /** Brings every cell into {@code memory}; what was taken before an exception stays there for its owner to free. */
    public static IvfSq8Index load(IndexReader reader, OffHeap memory) throws IOException {
        Block[] cells = new Block[reader.sections()];
        for (int cell = 0; cell < cells.length; cell++) {
            cells[cell] = reader.section(cell, memory);
        }
        return new IvfSq8Index(reader.extra(), cells);
    }

    /** Encodes the table's extra part for a writer. */
    public static byte[] extra(float low, float step, float[][] centroids) {
        int dimension = centroids[0].length;
        ByteBuffer extra = ByteBuffer.allocate(PREFIX_BYTES + centroids.length * dimension * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        extra.putInt(dimension).putFloat(low).putFloat(step);
        for (float[] centroid : centroids) {
            for (float value : centroid) {
                extra.putFloat(value);
            }
        }
        return extra.array();
    }

    /**
     * Offers {@code best} the rows of the {@code nprobe} cells nearest to {@code query} that {@code wanted} lets pass.
     * Scores are squared distances to the quantised vectors.
     */
    public void search(float[] query, int nprobe, LongPredicate wanted, TopK best) {
        TopK nearest = new TopK(Math.min(nprobe, cells.length));
        for (int cell = 0; cell < cells.length; cell++) {
            nearest.offer(cell, squaredDistance(query, centroids[cell]));
        }
        float[] scaled = scale(query);
        for (Hit hit : nearest.hits()) {
            scan(cells[(int) hit.key()], scaled, wanted, best);
        }
    }

    private void scan(Block cell, float[] scaled, LongPredicate wanted, TopK best) {
        int count = cell.size() / (Long.BYTES + dimension);
        byte[] keys = new byte[BATCH * Long.BYTES];
        byte[] codes = new byte[BATCH * dimension];
        ByteBuffer keyView = ByteBuffer.wrap(keys).order(ByteOrder.LITTLE_ENDIAN);
        double area = (double) step * step;
        for (int from = 0; from < count; from += BATCH) {
            int batch = Math.min(BATCH, count - from);
            cell.read(from * Long.BYTES, keys, batch * Long.BYTES);
            cell.read(count * Long.BYTES + from * dimension, codes, batch * dimension);
            for (int i = 0; i < batch; i++) {
                long key = keyView.getLong(i * Long.BYTES);
                if (wanted.test(key)) {
                    best.offer(key, area * distance(scaled, codes, i * dimension));
                }
            }
        }
    }

    private float[] scale(float[] query) {
        float[] scaled = new float[dimension];
        for (int d = 0; d < dimension; d++) {
            scaled[d] = (query[d] - low) / step - 0.5f;
        }
        return scaled;
    }

    private static float distance(float[] scaled, byte[] codes, int at) {
        float sum = 0;
        for (int d = 0; d < scaled.length; d++) {
            float difference = scaled[d] - (codes[at + d] & 0xff);
            sum += difference * difference;
        }
        return sum;
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            double difference = a[d] - b[d];
            sum += difference * difference;
        }
        return sum;
    }
}
