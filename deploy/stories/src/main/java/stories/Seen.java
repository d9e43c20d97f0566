package stories;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What one play of a story has measured.
 *
 * @param failure of the load @param left what was there then that was not there before, after {@code millis} @param next how the load of the sound segment failed; empty if it did not
 * @param collected what was left after a full collection @param nextCollected as {@code next}, after that
 */
record Seen(String failure, Remains left, long millis, String next, Remains collected, String nextCollected) {
    static Seen read(Path file) throws IOException {
        Properties seen = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            seen.load(in);
        }
        return new Seen(seen.getProperty("failure"), Remains.read("left", seen), Long.parseLong(seen.getProperty("millis")), seen.getProperty("next"), Remains.read("collected", seen),
            seen.getProperty("nextCollected"));
    }

    /** Whether the story took place: the load failed, and what it had taken stayed. */
    boolean shows(Told told) {
        return !failure.isEmpty() && !left.isNothing() && left.isMemory() == told.takesMemory() && told.refusesNext() != next.isEmpty();
    }

    boolean isOver() {
        return !failure.isEmpty() && left.isNothing() && next.isEmpty();
    }
}
