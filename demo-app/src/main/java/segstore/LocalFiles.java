package segstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import segstore.index.IndexKind;

/** The folder of one load's local copies. Thread-safe. */
final class LocalFiles {
    private static final AtomicLong LOADS = new AtomicLong();

    private final Path folder;

    private LocalFiles(Path folder) {
        this.folder = folder;
    }

    /** A new folder for each load, because an earlier one of the same segment may still be writing. */
    static LocalFiles create(Path cache, SegmentName segment) throws IOException {
        String name = segment.collection() + "-" + segment.number() + "-load" + LOADS.incrementAndGet();
        return new LocalFiles(Files.createDirectories(cache.resolve(name)));
    }

    Path copy(IndexKind kind) {
        return folder.resolve(kind.fileName());
    }

    /** Deletes what is there; a second call does nothing. */
    void delete() throws IOException {
        for (IndexKind kind : IndexKind.values()) {
            Files.deleteIfExists(copy(kind));
        }
        Files.deleteIfExists(folder);
    }
}
