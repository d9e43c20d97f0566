package segstore.data;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import segstore.index.Hit;
import segstore.index.TopK;

/**
 * The true {@value Recipe#K} nearest rows of each dense query, by brute force over every vector. Kept in a file beside
 * the segments, as the public vector benchmarks do; its presence also says that the collection is complete.
 */
public final class GroundTruth {
    private static final String FILE = "ground-truth.bin";

    private final long[][] keys;

    private GroundTruth(long[][] keys) {
        this.keys = keys;
    }

    static GroundTruth of(List<TopK> best) {
        return new GroundTruth(best.stream()
                .map(top -> top.hits().stream().mapToLong(Hit::key).toArray())
                .toArray(long[][]::new));
    }

    public static boolean isIn(Path collection) {
        return Files.exists(collection.resolve(FILE));
    }

    public static GroundTruth read(Path collection) throws IOException {
        try (InputStream file = Files.newInputStream(collection.resolve(FILE));
                DataInputStream in = new DataInputStream(file)) {
            long[][] keys = new long[in.readInt()][];
            for (int query = 0; query < keys.length; query++) {
                keys[query] = new long[in.readInt()];
                for (int i = 0; i < keys[query].length; i++) {
                    keys[query][i] = in.readLong();
                }
            }
            return new GroundTruth(keys);
        }
    }

    void write(Path collection) throws IOException {
        Path unfinished = collection.resolve(FILE + ".part");
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(unfinished))) {
            out.writeInt(keys.length);
            for (long[] query : keys) {
                out.writeInt(query.length);
                for (long key : query) {
                    out.writeLong(key);
                }
            }
        }
        Files.move(unfinished, collection.resolve(FILE));
    }

    public int queries() {
        return keys.length;
    }

    /** The share of a query's true neighbours that are among {@code hits}, 0 to 1. */
    public double recall(int query, List<Hit> hits) {
        Set<Long> found = new HashSet<>();
        hits.forEach(hit -> found.add(hit.key()));
        int right = 0;
        for (long key : keys[query]) {
            right += found.contains(key) ? 1 : 0;
        }
        return (double) right / keys[query].length;
    }
}
