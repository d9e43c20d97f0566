package segstore.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;

/** Where the bytes of one index file come from. For one thread; every call may wait for the bytes to arrive. */
public interface IndexSource extends Closeable {
    /** The file, for messages. */
    Path path();

    /** Bytes of the whole file. */
    long length() throws IOException;

    /** Copies {@code length} bytes from position {@code at} of the file to the start of {@code to}. */
    void read(long at, byte[] to, int length) throws IOException;

    /** Maps {@code length} bytes from position {@code at}; the caller owns the mapping, which outlives the source. */
    MappedByteBuffer map(long at, long length) throws IOException;
}
