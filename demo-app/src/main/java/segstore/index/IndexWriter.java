package segstore.index;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Writes one index file, section by section, with one section in memory at a time.
 *
 * <p>The header goes in last, so that a file whose writer died is recognised. For one thread.
 */
public final class IndexWriter implements Closeable {
    private final RandomAccessFile file;
    private final IndexKind kind;
    private final byte[] extra;
    private final ByteBuffer directory;
    private long end;

    public IndexWriter(Path path, IndexKind kind, int sections, byte[] extra) throws IOException {
        this.kind = kind;
        this.extra = extra.clone();
        this.directory = ByteBuffer.allocate(sections * IndexHeader.ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        this.end = IndexHeader.BYTES + extra.length + directory.capacity();
        this.file = new RandomAccessFile(path.toFile(), "rw");
        file.setLength(0);
        file.seek(end);
    }

    /** Appends the next section: the first {@code length} bytes of {@code bytes}. */
    public void section(byte[] bytes, int length) throws IOException {
        file.write(bytes, 0, length);
        directory.putLong(end).putInt(length).putInt(IndexHeader.crc(bytes, length));
        end += length;
    }

    /**
     * Writes table and header; the file is complete then.
     *
     * @throws IllegalStateException if fewer sections were written than announced
     */
    public void finish(long rows, long firstKey) throws IOException {
        if (directory.hasRemaining()) {
            throw new IllegalStateException(directory.remaining() / IndexHeader.ENTRY_BYTES + " sections are missing");
        }
        byte[] table = ByteBuffer.allocate(extra.length + directory.capacity())
                .put(extra).put(directory.array()).array();
        int sections = directory.capacity() / IndexHeader.ENTRY_BYTES;
        int crc = IndexHeader.crc(table, table.length);
        file.seek(IndexHeader.BYTES);
        file.write(table);
        file.seek(0);
        file.write(new IndexHeader(kind, sections, extra.length, crc, rows, firstKey, end).encode());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
