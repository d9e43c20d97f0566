package segstore.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.util.zip.CRC32C;
import segstore.memory.Block;
import segstore.memory.OffHeap;

/**
 * Reads one index file and believes nothing: lengths and checksums are compared before anybody sees a byte.
 *
 * <p>For one thread. Does not close its source.
 */
public final class IndexReader {
    private static final int CHUNK_BYTES = 256 << 10;

    private final IndexSource source;
    private final IndexHeader header;
    private final ByteBuffer table;
    private final byte[] chunk = new byte[CHUNK_BYTES];

    /** @throws CorruptIndexException if header or table are damaged, or the file is not as long as it says */
    public IndexReader(IndexSource source, IndexKind kind) throws IOException {
        this.source = source;
        long length = source.length();
        if (length < IndexHeader.BYTES) {
            throw truncated(length, IndexHeader.BYTES);
        }
        source.read(0, chunk, IndexHeader.BYTES);
        this.header = IndexHeader.decode(chunk, kind, source.path());
        if (length != header.fileLength()) {
            throw truncated(length, header.fileLength());
        }
        byte[] bytes = new byte[header.tableBytes()];
        readTable(bytes);
        this.table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public int sections() {
        return header.sections();
    }

    public long rows() {
        return header.rows();
    }

    public long firstKey() {
        return header.firstKey();
    }

    /** The kind's own part of the table, little endian. */
    public ByteBuffer extra() {
        return table.slice(0, header.extraBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Brings one section into a block of its own. */
    public Block section(int section, OffHeap memory) throws IOException {
        int length = length(section);
        Block block = memory.allocate(length);
        CRC32C crc = new CRC32C();
        for (int at = 0; at < length; at += CHUNK_BYTES) {
            int part = Math.min(CHUNK_BYTES, length - at);
            source.read(offset(section) + at, chunk, part);
            crc.update(chunk, 0, part);
            block.write(at, chunk, part);
        }
        check(section, crc);
        return block;
    }

    /** Maps {@code count} neighbouring sections as one piece and returns a read-only view of each. */
    public ByteBuffer[] map(int first, int count, OffHeap memory) throws IOException {
        long start = offset(first);
        int last = first + count - 1;
        MappedByteBuffer mapping = source.map(start, offset(last) + length(last) - start);
        memory.adopt(mapping);
        ByteBuffer[] views = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            views[i] = mapping.slice((int) (offset(first + i) - start), length(first + i)).asReadOnlyBuffer();
            CRC32C crc = new CRC32C();
            crc.update(views[i].duplicate());
            check(first + i, crc);
        }
        return views;
    }

    private void readTable(byte[] bytes) throws IOException {
        CRC32C crc = new CRC32C();
        for (int at = 0; at < bytes.length; at += CHUNK_BYTES) {
            int part = Math.min(CHUNK_BYTES, bytes.length - at);
            source.read(IndexHeader.BYTES + (long) at, chunk, part);
            crc.update(chunk, 0, part);
            System.arraycopy(chunk, 0, bytes, at, part);
        }
        if ((int) crc.getValue() != header.tableCrc()) {
            throw new CorruptIndexException(source.path(), "has a damaged table (its CRC-32C is wrong)");
        }
    }

    private void check(int section, CRC32C crc) throws CorruptIndexException {
        if ((int) crc.getValue() != table.getInt(entry(section) + 12)) {
            throw new CorruptIndexException(source.path(), "has a damaged section " + section + " of " + sections()
                    + " (its CRC-32C is wrong)");
        }
    }

    private long offset(int section) {
        return table.getLong(entry(section));
    }

    private int length(int section) {
        return table.getInt(entry(section) + 8);
    }

    private int entry(int section) {
        return header.extraBytes() + section * IndexHeader.ENTRY_BYTES;
    }

    private CorruptIndexException truncated(long length, long expected) {
        return new CorruptIndexException(source.path(), "is " + length + " bytes long and should be " + expected);
    }
}
