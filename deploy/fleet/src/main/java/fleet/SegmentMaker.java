package fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.rocksdb.CompressionType;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/** Makes the segments that the store holds: tables of RocksDB with random values of a kilobyte, which no compression makes smaller. */
final class SegmentMaker {
    static final int ENTRY_BYTES = 1024;
    private static final long FILE_BYTES = 8 << 20;

    private SegmentMaker() { }

    /** @param bytes of each segment, of values alone @return how many entries one has, with the numbers from 0 on */
    static long make(Path directory, int segments, long bytes) throws IOException, RocksDBException {
        long entries = bytes / ENTRY_BYTES;
        long perFile = FILE_BYTES / ENTRY_BYTES;
        for (int i = 0; i < segments; i++) {
            Path segment = Files.createDirectories(directory.resolve("segment-" + i));
            for (long first = 0; first < entries; first += perFile) {
                write(segment.resolve(String.format("%05d.sst", first / perFile)), first, Math.min(entries, first + perFile));
            }
        }
        return entries;
    }

    private static void write(Path file, long from, long to) throws RocksDBException {
        Random random = new Random(from);
        byte[] value = new byte[ENTRY_BYTES];
        try (EnvOptions environment = new EnvOptions(); Options options = new Options().setCompressionType(CompressionType.NO_COMPRESSION);
             SstFileWriter writer = new SstFileWriter(environment, options)) {
            writer.open(file.toString());
            for (long number = from; number < to; number++) {
                random.nextBytes(value);
                // as fleet.jobs.Segment reads it
                writer.put(String.format("%012d", number).getBytes(StandardCharsets.US_ASCII), value);
            }
            writer.finish();
        }
    }
}
