package stories;

import java.nio.file.Path;

/**
 * A failure that users of an engine have told in public, played by the published engine. A program that knows nothing of Ebb loads a segment; the load fails for the reason that the issue names,
 * and what the engine had taken until then stays.
 */
public interface Story {
    /** Writes a sound segment, and all else that a load reads, into an empty directory. */
    void make(Path directory) throws Exception;

    /** Makes the next load of this segment fail. @return the file that was changed: with its old content the segment is sound again */
    Path spoil(Path directory) throws Exception;

    /** Loads the segment of a directory. What is returned is in use until it is closed. */
    AutoCloseable load(Path directory) throws Exception;
}
