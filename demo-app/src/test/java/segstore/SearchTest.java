package segstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import segstore.cli.SearchCheck;
import segstore.data.DenseVectors;
import segstore.data.Generator;
import segstore.data.Recipe;
import segstore.data.Scalars;
import segstore.index.IndexKind;

class SearchTest {
    @TempDir
    static Path folder;
    private static SmallCollection files;
    private static SegmentStore store;
    private static LoadedCollection loaded;

    @BeforeAll
    static void load() throws Exception {
        files = new SmallCollection(folder);
        store = files.store(Set.of());
        loaded = store.load(SmallCollection.NAME, 30, bytes -> Pace.FULL);
    }

    @AfterAll
    static void close() {
        loaded.close();
        store.close();
    }

    @Test
    void findsTheTrueNeighbours() throws Exception {
        SearchCheck check = SearchCheck.run(loaded, SmallCollection.RECIPE, files.truth());
        assertTrue(check.recall() >= 0.9, check.toString());
        assertEquals(1, check.sparseRecall());
        assertTrue(check.filtered());
    }

    @Test
    void moreProbesFindMore() throws Exception {
        double one = recall(1);
        double all = recall(SmallCollection.RECIPE.cells());
        assertTrue(one < all, one + " and " + all);
    }

    @Test
    void bitmapsHoldExactlyTheRowsOfAValue() {
        Scalars scalars = new Scalars(SmallCollection.RECIPE);
        long rows = SmallCollection.RECIPE.rows() * (long) SmallCollection.RECIPE.segments();
        long[] expected = new long[Recipe.VALUES];
        for (long key = 0; key < rows; key++) {
            expected[scalars.value(3, key)]++;
        }
        for (int value = 0; value < expected.length; value++) {
            assertEquals(expected[value], loaded.count(3, value));
        }
    }

    @Test
    void equalSeedsGiveEqualFilesAndOthersDoNot(@TempDir Path other) throws Exception {
        ObjectStore again = new ObjectStore(other);
        Recipe reseeded = new Recipe(SmallCollection.RECIPE.sizeBytes(), 2, SmallCollection.RECIPE.seed() + 1);
        new Generator(again, SmallCollection.RECIPE).generate();
        new Generator(again, reseeded).generate();
        for (IndexKind kind : IndexKind.values()) {
            Path first = files.objects.object(new SegmentName(SmallCollection.NAME, 1), kind);
            Path same = again.object(new SegmentName(SmallCollection.NAME, 1), kind);
            Path different = again.object(new SegmentName(reseeded.collection(), 1), kind);
            assertEquals(-1, Files.mismatch(first, same));
            assertNotEquals(-1, Files.mismatch(first, different));
        }
    }

    private static double recall(int nprobe) throws Exception {
        DenseVectors vectors = new DenseVectors(SmallCollection.RECIPE);
        double sum = 0;
        for (int query = 0; query < Recipe.QUERIES; query++) {
            sum += files.truth().recall(query, loaded.search(vectors.query(query), Recipe.K, nprobe));
        }
        return sum / Recipe.QUERIES;
    }
}
