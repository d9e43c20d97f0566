package segstore.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import segstore.index.TopK;

/**
 * Brute force: the true nearest rows of all the queries, found by comparing each query with every unquantised vector
 * while the generator has it at hand. For one thread.
 */
final class ExactSearch {
    /** Vectors compared at a time. */
    static final int BATCH = 256;

    private final float[][] queries = new float[Recipe.QUERIES][];
    private final List<TopK> best = new ArrayList<>();
    private final float[] distances = new float[BATCH];

    ExactSearch(DenseVectors vectors) {
        for (int i = 0; i < queries.length; i++) {
            queries[i] = vectors.query(i);
            best.add(new TopK(Recipe.K));
        }
    }

    /** Compares {@code count} vectors, dimension by dimension as {@link DenseVectors.Source#next} leaves them. */
    void compare(float[] columns, int count, long firstKey) {
        for (int query = 0; query < queries.length; query++) {
            measure(columns, queries[query]);
            TopK top = best.get(query);
            for (int i = 0; i < count; i++) {
                top.offer(firstKey + i, distances[i]);
            }
        }
    }

    List<TopK> best() {
        return best;
    }

    /** Column by column, because only this order of the loops becomes vector instructions; four at a time. */
    private void measure(float[] columns, float[] query) {
        Arrays.fill(distances, 0);
        for (int d = 0; d < query.length; d += 4) {
            addSquares(columns, d * BATCH, query, d);
        }
    }

    private void addSquares(float[] columns, int start, float[] query, int dimension) {
        float[] sums = distances;
        float a = query[dimension];
        float b = query[dimension + 1];
        float c = query[dimension + 2];
        float d = query[dimension + 3];
        for (int i = 0; i < BATCH; i++) {
            float da = columns[start + i] - a;
            float db = columns[start + BATCH + i] - b;
            float dc = columns[start + 2 * BATCH + i] - c;
            float dd = columns[start + 3 * BATCH + i] - d;
            sums[i] += da * da + db * db + dc * dc + dd * dd;
        }
    }
}
