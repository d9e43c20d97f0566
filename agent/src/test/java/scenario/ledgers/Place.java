package scenario.ledgers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Where loads find and make files. Thread-safe. */
final class Place {
    static final int SOURCE_BYTES = 2_000_003;
    static final int EXISTING_BYTES = 77;

    /** A file that was there before any load. */
    final Path source;
    private final Path directory;
    private final AtomicInteger made = new AtomicInteger();
    /** Small files that no load has made. */
    private final BlockingQueue<Path> existing = new ArrayBlockingQueue<>(64);

    Place(Path directory) throws IOException {
        this.directory = directory;
        source = directory.resolve("source");
        Files.write(source, new byte[SOURCE_BYTES]);
        Threads.daemon(() -> Threads.done(this::makeFiles)).start();
    }

    private void makeFiles() throws Exception {
        while (true) {
            existing.put(Files.write(fresh(), new byte[EXISTING_BYTES]));
        }
    }

    /** A file of {@value #EXISTING_BYTES} bytes that nobody else gets. */
    Path existing() throws InterruptedException {
        return existing.take();
    }

    Path directory() {
        return directory;
    }

    /** A path where nothing is and nothing has been. */
    Path fresh() {
        return directory.resolve("made-" + made.incrementAndGet());
    }
}
