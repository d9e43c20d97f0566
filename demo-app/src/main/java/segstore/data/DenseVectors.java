package segstore.data;

/**
 * Vectors in clusters: families of {@value #FAMILY} clusters stand far apart, the clusters of one family overlap, so
 * that a query's neighbours lie in several cells and one probe does not find them all. Immutable, thread-safe.
 */
public final class DenseVectors {
    /** Lowest value that a code of 8 bits can stand for, and the distance between two codes. */
    static final float LOW = -1.9f;
    static final float STEP = 3.8f / 256;

    private static final int FAMILY = 16;
    private static final double SIBLING_SPREAD = 0.08;
    private static final double SPREAD = 0.2;
    private static final int CENTRES = 1;
    private static final int SIZES = 2;
    private static final int ROWS = 3;
    private static final int QUERIES = 4;

    private final Recipe recipe;
    private final float[][] centres;
    private final float[] noise = new float[256];
    private final double totalWeight;

    public DenseVectors(Recipe recipe) {
        this.recipe = recipe;
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (SPREAD * normal((i + 0.5) / noise.length));
        }
        this.centres = new float[recipe.cells()][];
        double weights = 0;
        for (int cell = 0; cell < centres.length; cell++) {
            centres[cell] = centre(cell);
            weights += weight(cell);
        }
        this.totalWeight = weights;
    }

    float[][] centres() {
        return centres;
    }

    /** Rows of a cell in each segment; cells differ by a factor of 16. The last one takes what rounding left over. */
    int rows(int cell) {
        if (cell < centres.length - 1) {
            return share(cell);
        }
        int before = 0;
        for (int other = 0; other < cell; other++) {
            before += share(other);
        }
        return recipe.rows() - before;
    }

    /** The vectors of one cell of one segment, in order. */
    Source open(int segment, int cell) {
        return new Source(centres[cell], new Seeded(recipe.seed(), ROWS, segment, cell));
    }

    /** A query, drawn like the rows but none of them. */
    public float[] query(int number) {
        int cell = (int) Math.floorMod(Seeded.hash(recipe.seed(), QUERIES, number), (long) centres.length);
        float[] query = new float[Recipe.DIMENSION];
        new Source(centres[cell], new Seeded(recipe.seed(), QUERIES, number, cell)).next(query, 1, 0);
        return query;
    }

    /** A stream of vectors. For one thread. */
    final class Source {
        private final float[] centre;
        private final Seeded random;

        private Source(float[] centre, Seeded random) {
            this.centre = centre;
            this.random = random;
        }

        /** Writes the next vector, its dimension {@code d} at {@code target[d * stride + offset]}. */
        void next(float[] target, int stride, int offset) {
            int at = offset;
            for (int d = 0; d < Recipe.DIMENSION; d += Long.BYTES) {
                long bits = random.next();
                for (int i = 0; i < Long.BYTES; i++, at += stride, bits >>>= Byte.SIZE) {
                    target[at] = centre[d + i] + noise[(int) bits & 0xff];
                }
            }
        }
    }

    private float[] centre(int cell) {
        Seeded family = new Seeded(recipe.seed(), CENTRES, cell / FAMILY);
        Seeded sibling = new Seeded(recipe.seed(), CENTRES, cell / FAMILY, cell % FAMILY);
        float[] centre = new float[Recipe.DIMENSION];
        for (int d = 0; d < centre.length; d++) {
            double offset = normal((sibling.next() >>> 56) / 256.0 + 0.5 / 256);
            centre[d] = (float) (2 * family.uniform() - 1 + SIBLING_SPREAD * offset);
        }
        return centre;
    }

    private int share(int cell) {
        return (int) (recipe.rows() * weight(cell) / totalWeight);
    }

    private double weight(int cell) {
        double u = new Seeded(recipe.seed(), SIZES, cell).uniform();
        return 0.2 + 3 * u * u * u;
    }

    /** Quantile of the normal distribution by the logistic approximation; its exact shape does not matter here. */
    private static double normal(double probability) {
        return Math.log(probability / (1 - probability)) / 1.702;
    }
}
