package segstore.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The first {@value #BYTES} bytes of every index file, little endian:
 * <pre>
 *  0 magic   4 version   8 kind   12 sections   16 extra bytes   20 CRC-32C of the table
 * 24 rows   32 key of the first row   40 length of the file   48 zeros   60 CRC-32C of bytes 0 to 59
 * </pre>
 * The table follows: {@code extraBytes} that only the kind understands, then one entry of
 * {@value #ENTRY_BYTES} bytes for each section (offset, length, CRC-32C), then the sections.
 *
 * @param kind what the file is
 * @param sections posting lists, cells or bitmaps in the file
 * @param extraBytes size of the kind's own part of the table
 * @param tableCrc CRC-32C of the whole table
 * @param rows rows of the segment
 * @param firstKey primary key of row 0; the others follow it
 * @param fileLength bytes of the whole file
 */
record IndexHeader(
        IndexKind kind, int sections, int extraBytes, int tableCrc, long rows, long firstKey, long fileLength) {
    static final int BYTES = 64;
    static final int ENTRY_BYTES = 16;
    private static final int MAGIC = 0x53474958;
    private static final int VERSION = 1;
    private static final int CRC_AT = 60;

    int tableBytes() {
        return extraBytes + sections * ENTRY_BYTES;
    }

    byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC).putInt(VERSION).putInt(kind.ordinal());
        buffer.putInt(sections).putInt(extraBytes).putInt(tableCrc);
        buffer.putLong(rows).putLong(firstKey).putLong(fileLength);
        buffer.putInt(CRC_AT, crc(buffer.array(), CRC_AT));
        return buffer.array();
    }

    static IndexHeader decode(byte[] bytes, IndexKind expected, Path file) throws CorruptIndexException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.getInt(0) != MAGIC || buffer.getInt(4) != VERSION) {
            throw new CorruptIndexException(file, "is no index file of version " + VERSION);
        }
        if (buffer.getInt(CRC_AT) != crc(bytes, CRC_AT)) {
            throw new CorruptIndexException(file, "has a damaged header (its CRC-32C is wrong)");
        }
        if (buffer.getInt(8) != expected.ordinal()) {
            throw new CorruptIndexException(file, "holds no " + expected + " index");
        }
        return new IndexHeader(expected, buffer.getInt(12), buffer.getInt(16), buffer.getInt(20),
                buffer.getLong(24), buffer.getLong(32), buffer.getLong(40));
    }

    static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
