package segstore.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.roaringbitmap.buffer.MutableRoaringBitmap;
import segstore.index.BitmapIndex;
import segstore.index.IndexKind;
import segstore.index.IndexWriter;
import segstore.index.IvfSq8Index;
import segstore.index.TopK;

/** Writes the three index files of one segment. For one thread. */
final class SegmentWriter {
    private final Recipe recipe;
    private final int segment;
    private final Path folder;
    private final DenseVectors vectors;
    private final ExactSearch exact;

    SegmentWriter(Recipe recipe, int segment, Path folder, DenseVectors vectors) {
        this.recipe = recipe;
        this.segment = segment;
        this.folder = folder;
        this.vectors = vectors;
        this.exact = new ExactSearch(vectors);
    }

    /** Writes the files and returns this segment's true neighbours of every query. */
    List<TopK> write() throws IOException {
        writeDense();
        writeSparse();
        writeScalars();
        return exact.best();
    }

    private void writeDense() throws IOException {
        byte[] extra = IvfSq8Index.extra(DenseVectors.LOW, DenseVectors.STEP, vectors.centres());
        try (IndexWriter writer = open(IndexKind.IVF_SQ8, recipe.cells(), extra)) {
            long key = recipe.firstKey(segment);
            for (int cell = 0; cell < recipe.cells(); cell++) {
                byte[] section = cell(cell, key);
                writer.section(section, section.length);
                key += vectors.rows(cell);
            }
            writer.finish(recipe.rows(), recipe.firstKey(segment));
        }
    }

    private byte[] cell(int cell, long firstKey) {
        int rows = vectors.rows(cell);
        ByteBuffer section = ByteBuffer.allocate(rows * (Long.BYTES + Recipe.DIMENSION))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows; row++) {
            section.putLong(firstKey + row);
        }
        DenseVectors.Source source = vectors.open(segment, cell);
        float[] columns = new float[ExactSearch.BATCH * Recipe.DIMENSION];
        for (int row = 0; row < rows; row += ExactSearch.BATCH) {
            int batch = Math.min(ExactSearch.BATCH, rows - row);
            for (int i = 0; i < batch; i++) {
                source.next(columns, ExactSearch.BATCH, i);
            }
            exact.compare(columns, batch, firstKey + row);
            quantise(columns, batch, section);
        }
        return section.array();
    }

    private static void quantise(float[] columns, int count, ByteBuffer section) {
        byte[] codes = section.array();
        int start = section.position();
        for (int d = 0; d < Recipe.DIMENSION; d++) {
            int at = start + d;
            for (int i = 0; i < count; i++, at += Recipe.DIMENSION) {
                int code = (int) ((columns[d * ExactSearch.BATCH + i] - DenseVectors.LOW) / DenseVectors.STEP);
                codes[at] = (byte) Math.max(0, Math.min(255, code));
            }
        }
        section.position(start + count * Recipe.DIMENSION);
    }

    private void writeSparse() throws IOException {
        SparseVectors sparse = new SparseVectors(recipe);
        try (IndexWriter writer = open(IndexKind.SPARSE_INVERTED_INDEX, recipe.terms(), new byte[0])) {
            for (int term = 0; term < recipe.terms(); term++) {
                byte[] postings = sparse.postings(segment, term);
                writer.section(postings, postings.length);
            }
            writer.finish(recipe.rows(), recipe.firstKey(segment));
        }
    }

    private void writeScalars() throws IOException {
        Scalars scalars = new Scalars(recipe);
        int bitmaps = Recipe.COLUMNS * Recipe.VALUES;
        try (IndexWriter writer = open(IndexKind.BITMAP, bitmaps, BitmapIndex.extra(Recipe.VALUES))) {
            for (int column = 0; column < Recipe.COLUMNS; column++) {
                for (MutableRoaringBitmap bitmap : column(scalars, column)) {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream(bitmap.serializedSizeInBytes());
                    bitmap.serialize(new DataOutputStream(bytes));
                    writer.section(bytes.toByteArray(), bytes.size());
                }
            }
            writer.finish(recipe.rows(), recipe.firstKey(segment));
        }
    }

    private MutableRoaringBitmap[] column(Scalars scalars, int column) {
        MutableRoaringBitmap[] bitmaps = new MutableRoaringBitmap[Recipe.VALUES];
        for (int value = 0; value < bitmaps.length; value++) {
            bitmaps[value] = new MutableRoaringBitmap();
        }
        long firstKey = recipe.firstKey(segment);
        for (int row = 0; row < recipe.rows(); row++) {
            bitmaps[scalars.value(column, firstKey + row)].add(row);
        }
        return bitmaps;
    }

    private IndexWriter open(IndexKind kind, int sections, byte[] extra) throws IOException {
        return new IndexWriter(folder.resolve(kind.fileName()), kind, sections, extra);
    }
}
