package segstore.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import segstore.ObjectStore;
import segstore.index.TopK;

/**
 * Makes a collection in an object store, a thread for each segment up to the number of processors. Needs some ten
 * MiB of heap a thread, and 2 bytes for each row of the segment that it writes.
 */
public final class Generator {
    private final ObjectStore objects;
    private final Recipe recipe;

    public Generator(ObjectStore objects, Recipe recipe) {
        this.objects = objects;
        this.recipe = recipe;
    }

    /** Whether the collection is there, complete. */
    public boolean isDone() {
        return GroundTruth.isIn(objects.folder(recipe.collection()));
    }

    /** Writes the collection, over an unfinished one if need be. */
    public void generate() throws IOException, InterruptedException {
        Path folder = objects.folder(recipe.collection());
        DenseVectors vectors = new DenseVectors(recipe);
        int threads = Math.min(recipe.segments(), Runtime.getRuntime().availableProcessors());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<TopK>>> segments = new ArrayList<>();
            for (int i = 0; i < recipe.segments(); i++) {
                Path segment = Files.createDirectories(folder.resolve(Integer.toString(i)));
                SegmentWriter writer = new SegmentWriter(recipe, i, segment, vectors);
                segments.add(pool.submit(writer::write));
            }
            merge(segments).write(folder);
        } finally {
            pool.shutdownNow();
        }
    }

    private static GroundTruth merge(List<Future<List<TopK>>> segments) throws IOException, InterruptedException {
        List<TopK> best = new ArrayList<>();
        for (int query = 0; query < Recipe.QUERIES; query++) {
            best.add(new TopK(Recipe.K));
        }
        for (Future<List<TopK>> segment : segments) {
            List<TopK> part = await(segment);
            for (int query = 0; query < Recipe.QUERIES; query++) {
                best.get(query).offer(part.get(query).hits());
            }
        }
        return GroundTruth.of(best);
    }

    private static List<TopK> await(Future<List<TopK>> segment) throws IOException, InterruptedException {
        try {
            return segment.get();
        } catch (ExecutionException e) {
            throw new IOException("a segment could not be generated: " + e.getCause(), e.getCause());
        }
    }
}
