package dev.ebb.rollback;

import dev.ebb.load.CreatedFile;
import dev.ebb.testing.OtherProcess;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which files of a load are deleted, and what stays as it is. */
class DeleterTest {
    @TempDir
    private Path directory;
    private Path root;
    private Path outside;
    private final Made made = new Made();

    @BeforeEach
    void makeDirectories() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        outside = Files.createDirectory(directory.resolve("outside"));
    }

    @Test
    void filesAndEmptyDirectoriesGoDeepestFirst() throws IOException {
        made.directory(root.resolve("a"));
        made.directory(root.resolve("a/b"));
        made.file(root.resolve("a/b/one"));
        made.file(root.resolve("two"));
        Files.writeString(root.resolve("before"), "there before");
        assertEquals(4, would());
        assertEquals("DELETED DELETED DELETED DELETED", delete());
        assertEquals(List.of("before: there before"), Made.listing(root));
    }

    @Test
    void aDirectoryWithSomethingElseInItStays() throws IOException {
        made.directory(root.resolve("a"));
        made.directory(root.resolve("a/b"));
        made.file(root.resolve("a/b/one"));
        Files.writeString(root.resolve("a/other"), "somebody else's");
        assertEquals(2, would());
        assertEquals("DELETED DELETED NOT_EMPTY", delete());
        assertEquals(List.of("a/other: somebody else's"), Made.listing(root));
    }

    @Test
    void whateverItsNameIs() throws IOException {
        for (String name : List.of("new\nline", "per%cent", "b l a n k", "-rf", ".ebb-trash-0-0-x", "#?&=+~", "x".repeat(255))) {
            made.file(root.resolve(name));
        }
        assertEquals("DELETED ".repeat(7).trim(), delete());
        assertEquals(List.of(), Made.listing(root));
    }

    @Test
    void aFileInItsPlaceIsNotTouched() throws IOException {
        Path file = made.file(root.resolve("file"));
        Files.writeString(root.resolve("new"), "somebody else's");
        Files.move(root.resolve("new"), file, StandardCopyOption.REPLACE_EXISTING);
        made.file(root.resolve("gone"));
        Files.delete(root.resolve("gone"));
        assertEquals("GONE GONE", delete());
        assertEquals(List.of("file: somebody else's"), Made.listing(root));
    }

    @Test
    void whatLinksLeadToIsNotTouched() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), outside);
        made.file(root.resolve("link/through"));
        Path file = made.file(root.resolve("file"));
        Files.move(file, outside.resolve("file"));
        Files.createSymbolicLink(file, outside.resolve("file"));
        made.file(outside.resolve("beside"));
        assertEquals("GONE OUTSIDE OUTSIDE", delete());
        assertEquals(List.of("outside/beside: load's beside", "outside/file: load's file", "outside/through: load's through", "root/file -> " + outside.resolve("file"),
            "root/link -> " + outside), Made.listing(directory));
    }

    @Test
    void theRootItselfMayBeReachedThroughALink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);
        made.file(link.resolve("file"));
        assertEquals("DELETED", fates(new Deleter(List.of(link.toString())).delete(made.files(), millis -> false)));
        assertEquals(List.of(), Made.listing(root));
    }

    @Test
    void theRootItselfStays() throws IOException {
        Path inner = made.directory(root.resolve("inner"));
        made.file(inner.resolve("file"));
        assertEquals("DELETED OUTSIDE", fates(new Deleter(List.of(inner.toString(), root.resolve("missing").toString())).delete(made.files(), millis -> false)));
    }

    @Test
    void aFileWithASecondNameStays() throws IOException {
        Path file = made.file(root.resolve("file"));
        Files.createLink(outside.resolve("second"), file);
        assertEquals(0, would());
        assertEquals("SHARED", delete());
        assertEquals(List.of("outside/second: load's file", "root/file: load's file"), Made.listing(directory));
    }

    @Test
    void aFileThatIsOpenHereStays() throws IOException {
        Path read = made.file(root.resolve("read"));
        MappedByteBuffer buffer = map(made.file(root.resolve("mapped")));
        try (InputStream stream = new FileInputStream(read.toFile())) {
            assertEquals("IN_USE IN_USE", delete());
            assertEquals('l', stream.read());
            assertEquals('l', buffer.get(0));
        }
        assertEquals(List.of("mapped: load's mapped", "read: load's read"), Made.listing(root));
    }

    @Test
    void aFileThatAnotherProcessHasOpenStays() throws IOException {
        Path file = made.file(root.resolve("file"));
        made.file(root.resolve("other"));
        try (OtherProcess reader = OtherProcess.with(file)) {
            assertEquals("DELETED IN_USE", delete());
            assertTrue(reader.isAlive());
        }
        assertEquals(List.of("file: load's file"), Made.listing(root));
    }

    @Test
    void aFileThatSomebodyHasChangedStays() throws IOException {
        made.file(root.resolve("file"));
        made.directory(root.resolve("directory"));
        assertEquals("CHANGED CHANGED", fates(new Deleter(List.of(root.toString())).delete(made.files(), millis -> true)));
        assertEquals(List.of("directory/", "file: load's file"), Made.listing(root));
    }

    /** The time of modification can be set to anything; that of the last change cannot. */
    @Test
    void aChangeIsNotHiddenByAnOldDate() throws IOException {
        Path file = made.file(root.resolve("file"));
        List<Long> asked = new ArrayList<>();
        long now = System.currentTimeMillis();
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        new Deleter(List.of(root.toString())).delete(made.files(), millis -> asked.add(millis));
        // file times lag behind by a tick of the kernel, 10 ms at most
        assertTrue(asked.size() == 1 && asked.get(0) >= now - 20, () -> asked + " " + now);
    }

    @Test
    void whatIsNoFileStays() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), outside);
        CreatedFile file = new CreatedFile(made.load(), link.toString(), Files.readAttributes(link, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .fileKey(), true);
        assertEquals("NO_FILE", fates(new Deleter(List.of(root.toString())).delete(List.of(file), millis -> false)));
    }

    @Test
    void whatTheProgramHasOpenedMeanwhileIsPutBack() throws IOException {
        Path file = made.file(root.resolve("file"));
        made.load().ledger().release(made.files().get(0));
        assertEquals("WANTED", delete());
        assertEquals(List.of("file: load's file"), Made.listing(root));
        assertTrue(Files.exists(file));
    }

    private static MappedByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, 6);
        }
    }

    private String delete() throws IOException {
        List<Deleter.Result> results = new Deleter(List.of(root.toString())).delete(made.files(), millis -> false);
        assertEquals(made.files().size(), results.size());
        try (Stream<Path> all = Files.list(root)) {
            assertTrue(all.noneMatch(path -> path.getFileName().toString().startsWith(Journal.PREFIX)));
        }
        return fates(results);
    }

    private long would() throws IOException {
        return new Deleter(List.of(root.toString())).wouldDelete(made.files(), millis -> false);
    }

    private static String fates(List<Deleter.Result> results) {
        return String.join(" ", results.stream().map(result -> result.fate().name()).sorted().toList());
    }
}
