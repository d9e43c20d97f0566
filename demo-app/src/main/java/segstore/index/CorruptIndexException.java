package segstore.index;

import java.io.IOException;
import java.nio.file.Path;

/** An index file that is not what its header says, or no index file at all. */
public final class CorruptIndexException extends IOException {
    private static final long serialVersionUID = 1L;

    public CorruptIndexException(Path file, String what) {
        super(file + " " + what + "; delete the collection in the object store and generate it again");
    }
}
