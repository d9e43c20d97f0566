package stories.told;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import stories.Story;

/** A map in a file whose header is damaged: the file is mapped and locked before its header is looked at. */
public final class MapDbFile implements Story {
    private static final String FILE = "map.db";

    @Override
    public void make(Path directory) {
        try (DB db = open(directory)) {
            ConcurrentMap<Long, byte[]> map = db.hashMap("segment", Serializer.LONG, Serializer.BYTE_ARRAY).create();
            for (long i = 0; i < 64; i++) {
                map.put(i, new byte[1 << 20]);
            }
        }
    }

    @Override
    public Path spoil(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(16), 0);
        }
        return file;
    }

    @Override
    public AutoCloseable load(Path directory) {
        DB db = open(directory);
        db.hashMap("segment", Serializer.LONG, Serializer.BYTE_ARRAY).open();
        return db;
    }

    private static DB open(Path directory) {
        return DBMaker.fileDB(directory.resolve(FILE).toFile()).fileMmapEnable().make();
    }
}
