import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/** Opens a database of some tens of MB for reading, and brings every block of it into the cache, again and again. Compiled and run by benchmarks/load. */
public final class RocksLoad {
    private static final int KEYS = 300_000;
    private static final int VALUE_BYTES = 100;
    private static final long CACHE_BYTES = 256 << 20;

    static {
        RocksDB.loadLibrary();
    }

    private RocksLoad() { }

    private record Opened(RocksDB db, Options options, Cache cache) implements AutoCloseable {
        @Override
        public void close() {
            db.close();
            options.close();
            cache.close();
        }
    }

    /** Watched. */
    static Opened load(Path path) throws RocksDBException {
        Cache cache = new LRUCache(CACHE_BYTES);
        Options options = options(cache);
        RocksDB db = RocksDB.openReadOnly(options, path.toString());
        int keys = 0;
        try (ReadOptions fill = new ReadOptions().setFillCache(true).setVerifyChecksums(true); RocksIterator all = db.newIterator(fill)) {
            for (all.seekToFirst(); all.isValid(); all.next()) {
                keys++;
            }
            all.status();
        }
        if (keys != KEYS) {
            throw new RocksDBException("the database is damaged");
        }
        return new Opened(db, options, cache);
    }

    /** @param args directory of the database, which is written if it is not there, then how many loads to warm up with, and how many to measure */
    public static void main(String[] args) throws Exception {
        Path path = Path.of(args[0]);
        if (!Files.exists(path)) {
            write(Files.createDirectories(path));
        }
        // the memory is malloc's, of which a ledger knows nothing without jemalloc: the database itself is what Ebb tracks
        LoadTimes.print("RocksDB 11.8.1, " + KEYS / 1000 + ",000 keys", Integer.parseInt(args[1]), Integer.parseInt(args[2]), () -> load(path), "tracked", 1);
    }

    private static Options options(Cache cache) {
        return new Options().setCreateIfMissing(true).setKeepLogFileNum(1).setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache).setCacheIndexAndFilterBlocks(true));
    }

    private static void write(Path path) throws RocksDBException {
        Random random = new Random(42);
        byte[] value = new byte[VALUE_BYTES];
        try (Cache cache = new LRUCache(CACHE_BYTES); Options options = options(cache); RocksDB db = RocksDB.open(options, path.toString()); WriteOptions write = new WriteOptions();
             FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            for (int i = 0; i < KEYS; i++) {
                random.nextBytes(value);
                db.put(write, String.format("key%012d", i).getBytes(), value);
            }
            db.flush(flush);
        }
    }
}
