package stories.told;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dizitart.no2.Document;
import org.dizitart.no2.Nitrite;
import org.dizitart.no2.NitriteCollection;
import stories.Story;

/** A store of documents in an H2 MVStore, opened with the wrong password: it is opened before the password is looked at. */
public final class NitriteStore implements Story {
    private static final String FILE = "documents.db";
    private static final String PASSWORD = "password";

    @Override
    public void make(Path directory) throws IOException {
        Files.writeString(directory.resolve(PASSWORD), "right");
        try (Nitrite store = open(directory)) {
            NitriteCollection documents = store.getCollection("segment");
            for (int i = 0; i < 1000; i++) {
                documents.insert(Document.createDocument("number", i));
            }
        }
    }

    @Override
    public Path spoil(Path directory) throws IOException {
        return Files.writeString(directory.resolve(PASSWORD), "wrong");
    }

    @Override
    public AutoCloseable load(Path directory) throws IOException {
        return open(directory);
    }

    private static Nitrite open(Path directory) throws IOException {
        return Nitrite.builder().filePath(directory.resolve(FILE).toFile()).disableShutdownHook().openOrCreate("segment", Files.readString(directory.resolve(PASSWORD)));
    }
}
