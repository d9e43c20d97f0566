package segstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import segstore.data.Recipe;
import segstore.index.CorruptIndexException;
import segstore.index.IndexKind;

class SegmentTest {
    @TempDir
    Path folder;
    private SmallCollection collection;

    @BeforeEach
    void generate() throws Exception {
        collection = new SmallCollection(folder);
    }

    @Test
    void holdsAllItsBytesUntilClosed() throws Exception {
        try (Segment segment = collection.loadFirst()) {
            long files = collection.objects.bytes(segment.name());
            assertEquals(files, collection.budget.reservedBytes());
            assertEquals(3, collection.filesInCache());
            assertTrue(segment.bytes() > 0.8 * files && segment.bytes() <= files, segment.bytes() + " of " + files);
        }
    }

    @Test
    void closeGivesEverythingBackOnce() throws Exception {
        Segment segment = collection.loadFirst();
        try (Segment other = collection.loadFirst()) {
            segment.close();
            segment.close();
            assertEquals(0, segment.bytes());
            assertEquals(collection.objects.bytes(other.name()), collection.budget.reservedBytes());
            assertEquals(3, collection.filesInCache());
        }
        assertEquals(0, collection.filesInCache());
        assertEquals(0, collection.budget.reservedBytes());
    }

    @Test
    void aClosedSegmentAnswersWithAnException() throws Exception {
        Segment segment = collection.loadFirst();
        segment.close();
        assertThrows(IllegalStateException.class, () -> segment.count(0, 0));
        assertThrows(IllegalStateException.class, () -> segment.search(new float[Recipe.DIMENSION], 1, 1));
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        Path file = collection.objects.object(new SegmentName(SmallCollection.NAME, 1), IndexKind.BITMAP);
        Files.delete(file);
        NoSuchFileException missing = assertThrows(NoSuchFileException.class, this::load);
        assertTrue(missing.getMessage().contains("has no BITMAP index"), missing.getMessage());
        assertEquals(0, collection.budget.reservedBytes());
    }

    @Test
    void aTruncatedFileIsRefused() throws Exception {
        for (IndexKind kind : IndexKind.values()) {
            Path file = object(kind);
            byte[] whole = Files.readAllBytes(file);
            try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
                shorter.setLength(whole.length - 1);
            }
            assertCorrupt("bytes long and should be " + whole.length);
            Files.write(file, new byte[10]);
            assertCorrupt("is 10 bytes long");
            Files.write(file, whole);
        }
    }

    @Test
    void aFlippedByteIsFoundWhereverItIs() throws Exception {
        for (IndexKind kind : IndexKind.values()) {
            int length = (int) Files.size(object(kind));
            assertFlipFound(kind, 0, "no index file");
            assertFlipFound(kind, 30, "damaged header");
            assertFlipFound(kind, 64, "damaged table");
            assertFlipFound(kind, length - 1, "damaged section");
        }
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws Exception {
        Files.copy(object(IndexKind.BITMAP), object(IndexKind.IVF_SQ8),
                StandardCopyOption.REPLACE_EXISTING);
        assertCorrupt("holds no IVF_SQ8 index");
    }

    private void assertFlipFound(IndexKind kind, int at, String message) throws Exception {
        flip(kind, at);
        assertCorrupt(message);
        flip(kind, at);
    }

    private void flip(IndexKind kind, int at) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(object(kind).toFile(), "rw")) {
            file.seek(at);
            int value = file.read();
            file.seek(at);
            file.write(value ^ 1);
        }
    }

    private void assertCorrupt(String message) throws Exception {
        CorruptIndexException corrupt = assertThrows(CorruptIndexException.class, () -> collection.loadFirst().close());
        assertTrue(corrupt.getMessage().contains(message), corrupt.getMessage());
        assertEquals(0, collection.filesInCache());
        assertEquals(0, collection.budget.reservedBytes());
    }

    private void load() throws Exception {
        try (SegmentStore store = collection.store(Set.of())) {
            store.load(SmallCollection.NAME, 30, bytes -> Pace.FULL).close();
        }
    }

    private Path object(IndexKind kind) {
        return collection.objects.object(new SegmentName(SmallCollection.NAME, 0), kind);
    }
}
