package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.OtherProcess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A deletion that ended anywhere on its way, and what the next start makes of it. A process that ends closes its journal and does nothing else. */
class ReplayTest {
    private static final int FILES = 4;

    @TempDir
    private Path directory;
    private Path root;
    private String id;
    private final List<Trash> files = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    @BeforeEach
    void makeFiles() throws IOException {
        root = Files.createDirectory(directory.toRealPath().resolve("root"));
        id = Journal.newId();
        for (int i = 0; i < FILES; i++) {
            Path file = Files.writeString(root.resolve("file" + i + "\n ü%"), "load's " + i);
            files.add(Trash.of(file, FileState.of(file).identity(), id, i));
        }
        Files.writeString(root.resolve("precious"), "the program's");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void endedWhileMovingAway(int moved) throws IOException {
        endedAfter(() -> {
            for (Trash file : files.subList(0, moved)) {
                file.moveAway();
            }
        });
        replay();
        assertEquals("deleted=" + moved + " notMoved=" + (FILES - moved) + " putBack=0 stuck=0", replayed());
        assertLeft(moved, FILES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void endedWhileDeleting(int deleted) throws IOException {
        endedAfter(() -> {
            for (Trash file : files) {
                file.moveAway();
            }
            for (Trash file : files.subList(0, deleted)) {
                assertEquals(Fate.DELETED, file.settle(OpenFiles.none(), false));
            }
        });
        replay();
        assertLeft(FILES, FILES);
    }

    /** Replaced between the last look and the move: what was moved away is somebody else's. */
    @ParameterizedTest
    @CsvSource({"moved", "linked back", "back"})
    void whatIsSomebodyElsesIsPutBack(String until) throws IOException {
        Path file = files.get(0).original();
        endedAfter(() -> {
            replace(file, "somebody else's");
            files.get(0).moveAway();
            if (until.equals("linked back")) {
                Files.createLink(file, files.get(0).moved());
            } else if (until.equals("back")) {
                assertEquals(Fate.CHANGED, files.get(0).settle(OpenFiles.none(), false));
            }
        });
        replay();
        assertEquals("somebody else's", Files.readString(file));
        assertLeft(0, FILES);
        assertTrue(FileState.of(file).links() == 1);
    }

    @Test
    void aDirectoryOrALinkInItsPlaceIsPutBackToo() throws IOException {
        endedAfter(() -> {
            Files.delete(files.get(0).original());
            Files.createDirectory(files.get(0).original());
            Files.writeString(files.get(0).original().resolve("inside"), "somebody else's");
            Files.delete(files.get(1).original());
            Files.createSymbolicLink(files.get(1).original(), root.resolve("precious"));
            files.get(0).moveAway();
            files.get(1).moveAway();
        });
        replay();
        assertEquals("somebody else's", Files.readString(files.get(0).original().resolve("inside")));
        assertEquals(root.resolve("precious"), Files.readSymbolicLink(files.get(1).original()));
        assertEquals("the program's", Files.readString(root.resolve("precious")));
        assertNoTraces();
    }

    /** Nothing is overwritten, and nothing lost: both are somebody else's. */
    @Test
    void ifItsNameIsTakenItStaysAndIsSaid() throws IOException {
        Path file = files.get(0).original();
        Path moved = files.get(0).moved();
        endedAfter(() -> {
            replace(file, "somebody else's");
            files.get(0).moveAway();
            Files.writeString(file, "another one's");
        });
        replay();
        assertEquals("another one's", Files.readString(file));
        assertEquals("somebody else's", Files.readString(moved));
        assertTrue(Files.exists(journal()));
        Event trouble = trouble();
        assertTrue(text(trouble, "what").contains(moved.toString()) && text(trouble, "remedy").contains(journal().toString()), () -> trouble.fields().toString());
        // as the remedy says
        Files.move(moved, root.resolve("rescued"));
        events.clear();
        replay();
        assertNoTraces();
        assertEquals("deleted=0 notMoved=4 putBack=0 stuck=0", replayed());
    }

    /** The load's own file, and a new one at its name: it was replaced. */
    @Test
    void ifANewFileHasTheNameOfTheLoadsItIsDeleted() throws IOException {
        endedAfter(() -> {
            files.get(0).moveAway();
            Files.writeString(files.get(0).original(), "new");
            Files.createLink(root.resolve("second name"), files.get(0).moved());
        });
        replay();
        assertEquals("new", Files.readString(files.get(0).original()));
        assertEquals("load's 0", Files.readString(root.resolve("second name")));
        assertNoTraces();
    }

    @Test
    void whatAnotherProcessHasOpenIsPutBack() throws IOException {
        try (OtherProcess reader = OtherProcess.with(files.get(1).original())) {
            endedAfter(() -> {
                for (Trash file : files) {
                    file.moveAway();
                }
            });
            replay();
            assertTrue(reader.isAlive());
        }
        assertEquals("deleted=3 notMoved=0 putBack=1 stuck=0", replayed());
        assertEquals("load's 1", Files.readString(files.get(1).original()));
        assertNoTraces();
    }

    @Test
    void whatWasGivenASecondNameOrWrittenToIsPutBack() throws IOException {
        endedAfter(() -> {
            Files.createLink(root.resolve("second name"), files.get(0).original());
            Files.writeString(files.get(1).original(), "more", StandardOpenOption.APPEND);
            for (Trash file : files) {
                file.moveAway();
            }
        });
        replay();
        assertEquals("load's 0", Files.readString(files.get(0).original()));
        assertEquals("load's 1more", Files.readString(files.get(1).original()));
        assertNoTraces();
    }

    @Test
    void aJournalInUseIsLeftToItsProcess() throws IOException {
        try (Journal journal = Journal.write(root, id, files)) {
            files.get(0).moveAway();
            replay();
            assertEquals(List.of(), events);
            assertNull(Journal.takeOver(journal.file()));
            assertTrue(Files.exists(files.get(0).moved()));
        }
        try (Journal journal = Journal.takeOver(journal())) {
            assertNotNull(journal);
            assertEquals(files, journal.files());
        }
    }

    /** Of a process, the kernel forgets all locks on a file as soon as it closes the file through any descriptor. */
    @Test
    void theLockSurvivesTheReading() throws IOException {
        Journal.write(root, id, files).close();
        try (Journal journal = Journal.takeOver(journal())) {
            assertNotNull(journal);
            try (ForkedJvm other = ForkedJvm.java(Jdks.running()).main(DeletingProgram.class).args("take over", journal().toString()).start()) {
                assertEquals(0, other.waitFor(Duration.ofSeconds(60)));
                assertEquals("held\n", other.stdout());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.5, 0.99})
    void aJournalThatWasCutOffWhileItWasWrittenIsClearedAway(double part) throws IOException {
        Journal.write(root, id, files).close();
        try (FileChannel channel = FileChannel.open(journal(), StandardOpenOption.WRITE)) {
            channel.truncate((long) (channel.size() * part));
        }
        replay();
        assertLeft(0, FILES);
    }

    @ParameterizedTest
    @CsvSource({"0, x", "20, x", "40, y", "-3, x"})
    void aJournalThatWasChangedIsLeftAndSaid(int at, char replacement) throws IOException {
        endedAfter(() -> {
            files.get(0).moveAway();
        });
        byte[] bytes = Files.readAllBytes(journal());
        bytes[at < 0 ? bytes.length + at : at] = (byte) replacement;
        Files.write(journal(), bytes);
        List<String> before = Made.listing(root);
        replay();
        assertEquals(before, Made.listing(root));
        String what = text(trouble(), "what");
        assertTrue(what.contains(journal().toString()) && text(trouble(), "remedy").contains(Trash.start(id) + "*"), what);
    }

    @Test
    void aJournalThatHasLostItsEndIsLeftAndSaid() throws IOException {
        endedAfter(() -> {
            files.get(0).moveAway();
        });
        try (FileChannel channel = FileChannel.open(journal(), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 4);
        }
        List<String> before = Made.listing(root);
        replay();
        assertEquals(before, Made.listing(root));
        trouble();
    }

    /** Whoever may write into the directory could otherwise have any file deleted. */
    @Test
    void aJournalThatOthersMayWriteIsNotTrusted() throws IOException {
        endedAfter(() -> {
            files.get(0).moveAway();
        });
        Files.setPosixFilePermissions(journal(), PosixFilePermissions.fromString("rw-rw-rw-"));
        replay();
        assertTrue(Files.exists(files.get(0).moved()));
        trouble();
        Files.delete(journal());
        Files.createSymbolicLink(journal(), root.resolve("precious"));
        events.clear();
        replay();
        trouble();
        assertEquals("the program's", Files.readString(root.resolve("precious")));
    }

    @Test
    void aJournalNamesOnlyWhatIsBelowItsDirectoryAndInItsTrash() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "the program's");
        FileState.Identity identity = FileState.of(precious).identity();
        for (Trash forged : List.of(new Trash(root.resolve("x"), precious, identity), new Trash(precious, precious.resolveSibling(Trash.start(id) + "0-"), identity),
            new Trash(root.resolve("precious"), root.resolve("precious"), FileState.of(root.resolve("precious")).identity()),
            new Trash(root.resolve("../precious"), root.resolve("../" + Trash.start(id) + "0-"), identity))) {
            Journal.write(root, id, List.of(forged)).close();
            events.clear();
            replay();
            trouble();
            Files.delete(journal());
        }
        assertEquals("the program's", Files.readString(precious));
        assertEquals("the program's", Files.readString(root.resolve("precious")));
    }

    @Test
    void aDirectoryThatBecameALinkIsNotFollowed() throws IOException {
        Path inner = Files.createDirectory(root.resolve("inner"));
        Path file = Files.writeString(inner.resolve("file"), "load's");
        files.add(Trash.of(file, FileState.of(file).identity(), id, FILES));
        endedAfter(() -> {
            files.get(0).moveAway();
            files.get(FILES).moveAway();
        });
        Path away = Files.move(inner, directory.resolve("away"));
        Files.createSymbolicLink(inner, away);
        replay();
        assertEquals("deleted=1 notMoved=3 putBack=0 stuck=1", replayed());
        assertTrue(Files.exists(away.resolve(files.get(FILES).moved().getFileName())));
        trouble();
    }

    private interface Steps {
        void run() throws IOException;
    }

    private void endedAfter(Steps steps) throws IOException {
        Journal journal = Journal.write(root, id, files);
        steps.run();
        journal.close();
    }

    private void replay() {
        new Replay(List.of(root.toString(), directory.resolve("missing").toString()), events::add).run();
    }

    private Path journal() {
        return root.resolve(Journal.PREFIX + id);
    }

    private static void replace(Path file, String content) throws IOException {
        Path other = Files.writeString(file.resolveSibling("new"), content);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private String replayed() {
        Event event = events.stream().filter(e -> e.name().equals("delete.replayed")).findFirst().orElseThrow();
        List<String> words = new ArrayList<>();
        for (String field : List.of("deleted", "notMoved", "putBack", "stuck")) {
            words.add(field + "=" + text(event, field));
        }
        return String.join(" ", words);
    }

    private Event trouble() {
        List<Event> troubles = events.stream().filter(e -> e.name().equals("trouble")).toList();
        assertEquals(1, troubles.size(), () -> events.toString());
        return troubles.get(0);
    }

    private static String text(Event event, String field) {
        return String.valueOf(event.fields().stream().filter(f -> f.name().equals(field)).findFirst().orElseThrow().value());
    }

    /** Of the load's files those from one number to another, and the program's; no journal and no trash. */
    private void assertLeft(int from, int to) throws IOException {
        for (int i = 0; i < FILES; i++) {
            assertEquals(i >= from && i < to, Files.exists(files.get(i).original()), "file " + i);
        }
        assertEquals("the program's", Files.readString(root.resolve("precious")));
        assertNoTraces();
    }

    private void assertNoTraces() {
        assertEquals(List.of(), Made.listing(root).stream().filter(name -> name.contains(".ebb-")).toList());
    }
}
