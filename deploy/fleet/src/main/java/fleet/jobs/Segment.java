package fleet.jobs;

import java.nio.charset.StandardCharsets;
import org.rocksdb.Cache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** A loaded segment: a RocksDB with a block cache of its own, in which all of it lies. Any number of threads may read; nobody after {@link #close}. */
final class Segment implements AutoCloseable {
    private final RocksDB db;
    private final Options options;
    private final Cache cache;

    Segment(RocksDB db, Options options, Cache cache) {
        this.db = db;
        this.options = options;
        this.cache = cache;
    }

    /** @return null if there is none of this number */
    byte[] get(long number) throws RocksDBException {
        return db.get(key(number));
    }

    /** @param number of an entry; keys sort as numbers do */
    static byte[] key(long number) {
        return String.format("%012d", number).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        db.close();
        options.close();
        cache.close();
    }
}
