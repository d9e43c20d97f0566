package engines;

import java.io.File;
import org.lmdbjava.Env;

final class Lmdb implements Driver.Engine {
    private final File directory;

    private Lmdb(File directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        File directory = new File(args[0], "lmdb");
        directory.mkdir();
        Driver.run(new Lmdb(directory));
    }

    @Override
    public Object open() {
        return Env.create().setMapSize(1 << 20).open(directory);
    }

    @Override
    public void close(Object opened) {
        ((Env<?>) opened).close();
    }
}
