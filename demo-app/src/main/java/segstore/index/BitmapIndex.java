package segstore.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongPredicate;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import segstore.memory.OffHeap;

/**
 * Scalars: for every column and value the set of rows that have it, read in place from the mapped file.
 *
 * <p>A section is one serialised bitmap, column by column; the table's extra part is the number of values in a column
 * (int). Safe for many searching threads.
 */
public final class BitmapIndex {
    private final long firstKey;
    private final ImmutableRoaringBitmap[][] rows;

    private BitmapIndex(long firstKey, ImmutableRoaringBitmap[][] rows) {
        this.firstKey = firstKey;
        this.rows = rows;
    }

    /** Maps the file, a column at a time; the mappings belong to {@code memory}. */
    public static BitmapIndex load(IndexReader reader, OffHeap memory) throws IOException {
        int values = reader.extra().getInt();
        ImmutableRoaringBitmap[][] rows = new ImmutableRoaringBitmap[reader.sections() / values][values];
        for (int column = 0; column < rows.length; column++) {
            ByteBuffer[] bitmaps = reader.map(column * values, values, memory);
            for (int value = 0; value < values; value++) {
                rows[column][value] = new ImmutableRoaringBitmap(bitmaps[value]);
            }
        }
        return new BitmapIndex(reader.firstKey(), rows);
    }

    /** Encodes the table's extra part for a writer. */
    public static byte[] extra(int values) {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(values).array();
    }

    /** Whether a row, by its key, has {@code value} in {@code column}; valid as long as the segment is open. */
    public LongPredicate where(int column, int value) {
        ImmutableRoaringBitmap wanted = rows[column][value];
        return key -> wanted.contains((int) (key - firstKey));
    }

    /** How many rows have {@code value} in {@code column}. */
    public long count(int column, int value) {
        return rows[column][value].getLongCardinality();
    }
}
