package segstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import segstore.index.IndexKind;

/** A folder that plays the remote object store: {@code collection/segment/index file}. Thread-safe. */
public final class ObjectStore {
    private final Path root;

    public ObjectStore(Path root) {
        this.root = root;
    }

    /** The collection's folder, whether it exists or not. */
    public Path folder(String collection) {
        return root.resolve(collection);
    }

    /** The object of one index, whether it exists or not. */
    public Path object(SegmentName segment, IndexKind kind) {
        return folder(segment.collection()).resolve(Integer.toString(segment.number())).resolve(kind.fileName());
    }

    /** @throws NoSuchFileException if there is no such collection */
    public List<SegmentName> segments(String collection) throws IOException {
        Path folder = folder(collection);
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such collection; generate it first");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            int count = (int) entries.filter(Files::isDirectory).count();
            return IntStream.range(0, count).mapToObj(number -> new SegmentName(collection, number)).toList();
        }
    }

    /**
     * Bytes that the segment will need in memory, which is what its files have.
     *
     * @throws NoSuchFileException if one of the three files is missing
     */
    public long bytes(SegmentName segment) throws IOException {
        long bytes = 0;
        for (IndexKind kind : IndexKind.values()) {
            Path object = object(segment, kind);
            if (!Files.exists(object)) {
                throw new NoSuchFileException(object.toString(), null,
                        "segment " + segment + " has no " + kind + " index; generate the collection again");
            }
            bytes += Files.size(object);
        }
        return bytes;
    }
}
