package engines;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Keeps the options of each database that it opens: the engine's close leaves them open, that of the program's own result does not. */
final class Wrapped implements Driver.Engine {
    private static final List<Options> KEPT = new ArrayList<>();

    private final String path;
    private final boolean alone;

    private Wrapped(String path, boolean alone) {
        this.path = path;
        this.alone = alone;
    }

    public static void main(String[] args) throws Exception {
        Driver.run(new Wrapped(Path.of(args[0], "rocks").toString(), args[1].equals("alone")));
        KEPT.get(1).setIncreaseParallelism(1);
        System.out.println("kept " + KEPT.stream().allMatch(Options::isOwningHandle));
    }

    private record Store(RocksDB database, Options options) implements AutoCloseable {
        @Override
        public void close() {
            database.close();
            options.close();
        }
    }

    @Override
    public Object open() throws Exception {
        Options options = new Options().setCreateIfMissing(true);
        KEPT.add(options);
        return load(options);
    }

    /** Watched. */
    private AutoCloseable load(Options options) throws RocksDBException {
        RocksDB database = RocksDB.open(options, path);
        return alone ? database : new Store(database, options);
    }

    @Override
    public void close(Object opened) {
        (opened instanceof Store ? ((Store) opened).database : (RocksDB) opened).close();
    }
}
