package segstore.data;

/**
 * What a collection is made from: equal recipes give equal bytes.
 *
 * @param sizeBytes bytes of all index files together, roughly
 * @param segments how many segments share them
 * @param seed everything random comes from it
 */
public record Recipe(long sizeBytes, int segments, long seed) {
    public static final int DIMENSION = 128;
    public static final int COLUMNS = 8;
    /** Different values in a column; a power of two. */
    public static final int VALUES = 16;
    public static final int QUERIES = 20;
    /** Neighbours asked for, as in recall@10. */
    public static final int K = 10;

    static final int POSTINGS_PER_ROW = 3;
    /** codes + key + postings + bitmaps; a bitmap with one row in 16 costs one bit a row */
    private static final int ROW_BYTES = DIMENSION + Long.BYTES + POSTINGS_PER_ROW * 8 + COLUMNS * VALUES / 8;
    private static final int ROWS_PER_CELL = 3_000;
    private static final int MIN_CELLS = 32;
    private static final int ROWS_PER_TERM = 64;
    private static final int MIN_TERMS = 1_024;
    private static final int MAX_TERMS = 32_768;

    /** Rows of each segment. */
    public int rows() {
        return (int) (sizeBytes / segments / ROW_BYTES);
    }

    /** Cells of each segment's vector index, the same centroids in all of them. */
    public int cells() {
        return Math.max(MIN_CELLS, rows() / ROWS_PER_CELL);
    }

    /** Different terms of the sparse vectors. */
    public int terms() {
        return Math.max(MIN_TERMS, Math.min(MAX_TERMS, rows() / ROWS_PER_TERM));
    }

    /** Primary key of a segment's row 0. */
    public long firstKey(int segment) {
        return (long) segment * rows();
    }

    /** A name for the collection that differs when the recipe does. */
    public String collection() {
        return "demo-" + sizeBytes + "-" + segments + "-" + seed;
    }
}
