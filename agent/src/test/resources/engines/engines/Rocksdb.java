package engines;

import java.nio.file.Path;
import org.rocksdb.RocksDB;

final class Rocksdb implements Driver.Engine {
    private final String path;

    private Rocksdb(String path) {
        this.path = path;
    }

    public static void main(String[] args) throws Exception {
        Driver.run(new Rocksdb(Path.of(args[0], "rocks").toString()));
    }

    @Override
    public Object open() throws Exception {
        return RocksDB.open(path);
    }

    @Override
    public void close(Object opened) throws Exception {
        ((RocksDB) opened).put(new byte[] {1}, new byte[] {2});
        ((RocksDB) opened).close();
    }
}
