package segstore.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import segstore.LoadedCollection;
import segstore.data.DenseVectors;
import segstore.data.GroundTruth;
import segstore.data.Recipe;
import segstore.data.Scalars;
import segstore.data.SparseVectors;
import segstore.index.Hit;
import segstore.index.SparseVector;

/**
 * Searches a loaded collection and compares with what is known to be true.
 *
 * @param recall share of the true nearest neighbours found, over all dense queries, 0 to 1
 * @param sparseRecall the same for sparse queries
 * @param filtered whether a filtered search found as many rows as asked for, each with the value asked for
 */
public record SearchCheck(double recall, double sparseRecall, boolean filtered) {
    private static final int NPROBE = 16;
    private static final int SPARSE_QUERIES = 5;

    /** Runs all queries of the recipe. */
    public static SearchCheck run(LoadedCollection collection, Recipe recipe, GroundTruth truth) {
        return new SearchCheck(dense(collection, recipe, truth), sparse(collection, recipe),
                filtered(collection, recipe));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "recall@10 %.3f dense, %.3f sparse; filter %s", recall, sparseRecall,
                filtered ? "right" : "wrong");
    }

    private static double dense(LoadedCollection collection, Recipe recipe, GroundTruth truth) {
        DenseVectors vectors = new DenseVectors(recipe);
        double sum = 0;
        for (int query = 0; query < truth.queries(); query++) {
            sum += truth.recall(query, collection.search(vectors.query(query), Recipe.K, NPROBE));
        }
        return sum / truth.queries();
    }

    private static double sparse(LoadedCollection collection, Recipe recipe) {
        SparseVectors vectors = new SparseVectors(recipe);
        double found = 0;
        for (int number = 0; number < SPARSE_QUERIES; number++) {
            SparseVector query = vectors.query(number);
            Set<Hit> hits = new HashSet<>(collection.searchSparse(query, Recipe.K));
            found += vectors.exact(query).stream().filter(hits::contains).count() / (double) Recipe.K;
        }
        return found / SPARSE_QUERIES;
    }

    private static boolean filtered(LoadedCollection collection, Recipe recipe) {
        Scalars scalars = new Scalars(recipe);
        float[] query = new DenseVectors(recipe).query(0);
        boolean right = true;
        for (int column = 0; column < Recipe.COLUMNS; column++) {
            int of = column;
            int value = 2 * column;
            List<Hit> hits = collection.searchWhere(column, value, query, Recipe.K, NPROBE);
            right &= hits.size() == Recipe.K;
            right &= hits.stream().allMatch(hit -> scalars.value(of, hit.key()) == value);
        }
        return right;
    }
}
