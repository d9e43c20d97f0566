package stories.told;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import stories.Story;

/** A column store in Arrow's stream format, whose file ends too early: the buffer for the body of a message is allocated before it is read. */
public final class ArrowFile implements Story {
    private static final int VALUES = 16 << 20; // 128 MiB
    private static final String FILE = "column.arrow";
    /** The program's, for all of its columns; two of them do not go into it. */
    private static final BufferAllocator MEMORY = new RootAllocator(200L << 20);

    @Override
    public void make(Path directory) throws IOException {
        try (BufferAllocator memory = new RootAllocator(); BigIntVector values = new BigIntVector("value", memory);
                FileChannel file = FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            values.allocateNew(VALUES);
            for (int i = 0; i < VALUES; i++) {
                values.set(i, i);
            }
            values.setValueCount(VALUES);
            try (VectorSchemaRoot root = VectorSchemaRoot.of(values); ArrowStreamWriter writer = new ArrowStreamWriter(root, null, file)) {
                writer.start();
                writer.writeBatch();
                writer.end();
            }
        }
    }

    @Override
    public Path spoil(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) - 4096);
        }
        return file;
    }

    @Override
    public AutoCloseable load(Path directory) throws IOException {
        InputStream in = Files.newInputStream(directory.resolve(FILE));
        ArrowStreamReader reader = new ArrowStreamReader(in, MEMORY);
        try {
            reader.loadNextBatch();
            return reader;
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }
}
