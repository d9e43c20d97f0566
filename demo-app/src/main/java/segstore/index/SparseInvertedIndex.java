package segstore.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.PriorityQueue;
import segstore.memory.Block;
import segstore.memory.OffHeap;

/**
 * Sparse vectors by term: a section is one term's posting list, ascending by row, {@value #POSTING_BYTES} bytes each
 * (row as int, weight as float). Safe for many searching threads.
 */
public final class SparseInvertedIndex {
    public static final int POSTING_BYTES = 8;

    private final long firstKey;
    private final Block[] postings;

    private SparseInvertedIndex(long firstKey, Block[] postings) {
        this.firstKey = firstKey;
        this.postings = postings;
    }

    /** Brings every list into {@code memory}; what was taken before an exception stays there for its owner to free. */
    public static SparseInvertedIndex load(IndexReader reader, OffHeap memory) throws IOException {
        Block[] postings = new Block[reader.sections()];
        for (int term = 0; term < postings.length; term++) {
            postings[term] = reader.section(term, memory);
        }
        return new SparseInvertedIndex(reader.firstKey(), postings);
    }

    /** Offers {@code best} every row that has a term of {@code query}; scores are negated dot products. */
    public void search(SparseVector query, TopK best) {
        // row by row over all lists at once: the heap stays small however long the lists are
        PriorityQueue<Cursor> cursors = new PriorityQueue<>((a, b) -> Integer.compare(a.row, b.row));
        for (int i = 0; i < query.terms().length; i++) {
            Cursor cursor = new Cursor(postings[query.terms()[i]], query.weights()[i]);
            if (cursor.next()) {
                cursors.add(cursor);
            }
        }
        while (!cursors.isEmpty()) {
            int row = cursors.peek().row;
            double product = 0;
            while (!cursors.isEmpty() && cursors.peek().row == row) {
                Cursor cursor = cursors.poll();
                product += cursor.product;
                if (cursor.next()) {
                    cursors.add(cursor);
                }
            }
            best.offer(firstKey + row, -product);
        }
    }

    /** A position in one posting list, read in pieces. */
    private static final class Cursor {
        private static final int PIECE_BYTES = 512 * POSTING_BYTES;

        private final Block list;
        private final float queryWeight;
        private final byte[] piece;
        private final ByteBuffer view;
        private int at;
        private int row;
        private double product;

        Cursor(Block list, float queryWeight) {
            this.list = list;
            this.queryWeight = queryWeight;
            this.piece = new byte[Math.min(PIECE_BYTES, list.size())];
            this.view = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN).limit(0);
        }

        boolean next() {
            if (!view.hasRemaining()) {
                int length = Math.min(piece.length, list.size() - at);
                if (length == 0) {
                    return false;
                }
                list.read(at, piece, length);
                at += length;
                view.clear().limit(length);
            }
            row = view.getInt();
            product = (double) queryWeight * view.getFloat();
            return true;
        }
    }
}
