package engines;

import java.io.File;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.Options;

final class Leveldb implements Driver.Engine {
    private final File directory;

    private Leveldb(File directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        Driver.run(new Leveldb(new File(args[0], "level")));
    }

    @Override
    public Object open() throws Exception {
        return JniDBFactory.factory.open(directory, new Options());
    }

    @Override
    public void close(Object opened) throws Exception {
        ((DB) opened).put(new byte[] {1}, new byte[] {2});
        ((DB) opened).close();
    }
}
