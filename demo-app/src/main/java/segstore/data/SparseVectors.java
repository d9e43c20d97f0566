package segstore.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import segstore.index.Hit;
import segstore.index.SparseInvertedIndex;
import segstore.index.SparseVector;
import segstore.index.TopK;

/**
 * Sparse vectors, made term by term so that no segment need fit in the heap. A few terms are in many rows and most in
 * few, as words are: lists run from about 100 bytes to some MiB. Immutable, thread-safe.
 */
public final class SparseVectors {
    private static final int MIN_POSTINGS = 12;
    private static final int FLATTEN = 10; // the most frequent terms are cut to a tenth, as stop words would be
    private static final int POSTINGS = 11;
    private static final int QUERIES = 12;
    private static final int QUERY_TERMS = 5;

    private final Recipe recipe;
    private final double totalWeight;

    public SparseVectors(Recipe recipe) {
        this.recipe = recipe;
        double weights = 0;
        for (int term = 0; term < recipe.terms(); term++) {
            weights += 1.0 / (term + FLATTEN);
        }
        this.totalWeight = weights;
    }

    /** One term's posting list in the file's format. */
    byte[] postings(int segment, int term) {
        int count = count(term);
        ByteBuffer list = ByteBuffer.allocate(count * SparseInvertedIndex.POSTING_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        Seeded random = new Seeded(recipe.seed(), POSTINGS, segment, term);
        for (int i = 0; i < count; i++) {
            // one row from each of `count` equal strata: ascending and never twice the same
            long start = (long) i * recipe.rows() / count;
            long end = (i + 1L) * recipe.rows() / count;
            long bits = random.next();
            list.putInt((int) (start + (bits >>> 32) % (end - start)));
            list.putFloat(0.1f + (bits & 0xffff) / 65_536f);
        }
        return list.array();
    }

    /** A query of five different terms, none of the very frequent. */
    public SparseVector query(int number) {
        Seeded random = new Seeded(recipe.seed(), QUERIES, number);
        int[] terms = new int[QUERY_TERMS];
        float[] weights = new float[QUERY_TERMS];
        int band = recipe.terms() / QUERY_TERMS;
        for (int i = 0; i < QUERY_TERMS; i++) {
            terms[i] = i * band + 100 + (int) Math.floorMod(random.next(), band - 100L);
            weights[i] = (float) (0.1 + random.uniform());
        }
        return new SparseVector(terms, weights);
    }

    /** The {@value Recipe#K} best rows of all segments, computed from the vectors themselves and not from an index. */
    public List<Hit> exact(SparseVector query) {
        Map<Long, Double> products = new HashMap<>();
        for (int segment = 0; segment < recipe.segments(); segment++) {
            for (int i = 0; i < query.terms().length; i++) {
                ByteBuffer list = ByteBuffer.wrap(postings(segment, query.terms()[i])).order(ByteOrder.LITTLE_ENDIAN);
                while (list.hasRemaining()) {
                    long key = recipe.firstKey(segment) + list.getInt();
                    products.merge(key, (double) query.weights()[i] * list.getFloat(), Double::sum);
                }
            }
        }
        TopK best = new TopK(Recipe.K);
        products.forEach((key, product) -> best.offer(key, -product));
        return best.hits();
    }

    private int count(int term) {
        double share = Recipe.POSTINGS_PER_ROW / ((term + FLATTEN) * totalWeight);
        int count = Math.max(MIN_POSTINGS, (int) (recipe.rows() * share));
        return Math.min(count, recipe.rows());
    }
}
