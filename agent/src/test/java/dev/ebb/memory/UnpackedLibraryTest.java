package dev.ebb.memory;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UnpackedLibraryTest {
    private static final byte[] LIBRARY = {1, 2, 3};
    private static final int PRIVATE = 040700;

    @TempDir
    private Path temporary;

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.toList();
        }
    }

    private UnpackedLibrary unpack() throws IOException {
        return UnpackedLibrary.unpack(new ByteArrayInputStream(LIBRARY), temporary);
    }

    @Test
    void liesInADirectoryForItsOwnerAloneUnderANameThatIsNeverTheSame() throws IOException {
        UnpackedLibrary one = unpack();
        UnpackedLibrary other = unpack();
        assertEquals(PRIVATE, Files.getAttribute(one.file().getParent(), "unix:mode"));
        assertArrayEquals(LIBRARY, Files.readAllBytes(one.file()));
        assertNotEquals(one.file().getParent(), other.file().getParent());
        assertTrue(one.file().getParent().getFileName().toString().length() >= 4 + 20, one.file()::toString);
        one.delete();
        other.delete();
        assertEquals(List.of(), left());
    }

    /** Whoever has put something there before has not put it where the library goes, and it is left. */
    @Test
    void whatLiesThereAlreadyIsLeft() throws IOException {
        Path file = Files.createFile(temporary.resolve("libebb.so"));
        Path link = Files.createSymbolicLink(temporary.resolve("ebb-1"), temporary);
        UnpackedLibrary unpacked = unpack();
        assertEquals(temporary, unpacked.file().getParent().getParent());
        unpacked.delete();
        assertEquals(Set.of(file, link), Set.copyOf(left()));
        assertEquals(0, Files.size(file));
    }

    @Test
    void aDiskThatIsFullLeavesNothing() throws IOException {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThrows(IOException.class, () -> UnpackedLibrary.unpack(broken, temporary));
        assertEquals(List.of(), left());
    }
}
