package engines;

import com.linkedin.paldb.api.PalDB;
import com.linkedin.paldb.api.StoreReader;
import com.linkedin.paldb.api.StoreWriter;
import java.io.File;

final class Paldb implements Driver.Engine {
    private final File file;

    private Paldb(File file) {
        this.file = file;
    }

    public static void main(String[] args) throws Exception {
        File file = new File(args[0], "store.paldb");
        StoreWriter writer = PalDB.createWriter(file);
        writer.put("key", "value");
        writer.close();
        Driver.run(new Paldb(file));
    }

    @Override
    public Object open() {
        return PalDB.createReader(file);
    }

    @Override
    public void close(Object opened) {
        ((StoreReader) opened).get("key");
        ((StoreReader) opened).close();
    }
}
