package engines;

import com.spotify.sparkey.CompressionType;
import com.spotify.sparkey.SparkeyReader;
import com.spotify.sparkey.SparkeyWriter;
import java.io.File;

final class Sparkey implements Driver.Engine {
    private final File file;

    private Sparkey(File file) {
        this.file = file;
    }

    public static void main(String[] args) throws Exception {
        File file = new File(args[0], "store.spi");
        SparkeyWriter writer = com.spotify.sparkey.Sparkey.createNew(file, CompressionType.NONE, 512);
        writer.put("key", "value");
        writer.flush();
        writer.writeHash();
        writer.close();
        Driver.run(new Sparkey(file));
    }

    @Override
    public Object open() throws Exception {
        return com.spotify.sparkey.Sparkey.openSingleThreadedReader(file);
    }

    @Override
    public void close(Object opened) throws Exception {
        ((SparkeyReader) opened).getAsString("key");
        ((SparkeyReader) opened).close();
    }
}
