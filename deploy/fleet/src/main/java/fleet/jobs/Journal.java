package fleet.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What happens in a worker, a line each, for the program that runs the cluster: the milliseconds of the clock, what it is, and figures or a text. Safe for use by many threads. */
public final class Journal {
    private final Path file;

    /** @param directory of all journals; this worker's is named after it */
    public Journal(String directory, String kind) {
        file = Path.of(directory, kind + "-" + worker() + ".txt");
    }

    /** The name that the cluster's start has given to this JVM. */
    public static String worker() {
        return System.getProperty("fleet.worker", "none");
    }

    public synchronized void add(String line) {
        try {
            Files.writeString(file, System.currentTimeMillis() + " " + line.replace('\n', ' ') + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("The journal cannot be written: " + file, e);
        }
    }
}
