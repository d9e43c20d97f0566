package fleet.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Brings a segment from the object store into a RocksDB on this worker's disk and warms it. Written as users write it: what fails is closed, and nothing here knows of a caller
 * that has given up, nor of Ebb.
 */
final class SegmentLoader {
    private static final long CACHE_BYTES = 1L << 30;

    private final String store;
    private final Path directory;

    /**
     * @param store where the segments are, an address that ends in a slash
     * @param directory of this worker, in which each segment has one of its own; an earlier copy there is replaced
     */
    SegmentLoader(String store, Path directory) {
        this.store = store;
        this.directory = directory;
    }

    Segment load(String name) throws IOException, RocksDBException {
        Path home = Files.createDirectories(directory.resolve(name));
        Cache cache = new LRUCache(CACHE_BYTES);
        Options options = new Options().setCreateIfMissing(true).setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache));
        RocksDB db = null;
        try {
            RocksDB.destroyDB(home.toString(), options);
            db = RocksDB.open(options, home.toString());
            byte[] warm = new byte[0];
            for (String file : list(name)) {
                ingest(db, fetch(name + "/" + file, home.resolve(file)));
                warm = warm(db, warm);
            }
            return new Segment(db, options, cache);
        } catch (IOException | RocksDBException e) {
            if (db != null) {
                db.close();
            }
            options.close();
            cache.close();
            throw e;
        }
    }

    private List<String> list(String name) throws IOException {
        try (InputStream in = URI.create(store + name + "/").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
        }
    }

    private Path fetch(String what, Path to) throws IOException {
        try (InputStream in = URI.create(store + what).toURL().openStream()) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
        return to;
    }

    private static void ingest(RocksDB db, Path file) throws RocksDBException {
        try (IngestExternalFileOptions how = new IngestExternalFileOptions().setMoveFiles(true)) {
            db.ingestExternalFile(List.of(file.toString()), how);
        }
    }

    /** Reads all that is there once, so that a query finds it in memory. @param from the last key that was read before @return the last one now */
    private static byte[] warm(RocksDB db, byte[] from) throws RocksDBException {
        byte[] last = from;
        try (RocksIterator all = db.newIterator()) {
            for (all.seek(from); all.isValid(); all.next()) {
                all.value();
                last = all.key();
            }
            all.status();
        }
        return last;
    }
}
