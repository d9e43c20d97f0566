package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kill -9} at random moments of a deletion, while this process, which Ebb knows nothing of, puts files of its own in the place of those that are being
 * deleted. After the replay no file of this process is lost and none of Ebb's is left. {@code -Debb.test.kills=1000} for more.
 */
@Execution(ExecutionMode.CONCURRENT)
class KillIT {
    private static final int KILLS = Integer.getInteger("ebb.test.kills", 15);
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    private Path directory;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    /** How long a deletion takes that is not interrupted, from the first sight of its journal to the last. */
    private long deletionNanos;

    @Test
    void noFileIsLostAndNoneIsLeftBehind() throws IOException {
        deletionNanos = undisturbed();
        int inTheMidst = 0;
        for (int i = 0; i < KILLS; i++) {
            Path root = Files.createDirectory(directory.resolve("root" + i));
            try {
                inTheMidst += killed(i, root) ? 1 : 0;
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("kill " + i + " with seed " + seed + ": " + e.getMessage(), e);
            }
        }
        System.out.println("KillIT: " + inTheMidst + " of " + KILLS + " kills met files in the trash");
        assertTrue(inTheMidst > 0, "no kill met a file in the trash");
    }

    /** As quick to start as may be: there are many of them. */
    private static ForkedJvm.Command program(Jdk jdk, Path root) {
        return ForkedJvm.java(jdk).option("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m").main(DeletingProgram.class).args("delete", root.toString());
    }

    private long undisturbed() throws IOException {
        Path root = Files.createDirectory(directory.resolve("undisturbed"));
        try (ForkedJvm jvm = program(Jdks.running(), root).start()) {
            jvm.await("^made$", LIMIT);
            jvm.send("go");
            jvm.await("^deleting$", LIMIT);
            long began = awaitJournal(root, jvm);
            while (journals(root) > 0) {
                Thread.onSpinWait();
            }
            long nanos = System.nanoTime() - began;
            String line = jvm.await("^deleted (.*)", LIMIT).group(1);
            assertEquals("{DELETED=" + (DeletingProgram.FILES + 3) + "} left 0 true", line);
            return nanos;
        }
    }

    /** @return whether files lay in the trash when it ended */
    private boolean killed(int number, Path root) throws IOException {
        Map<Path, String> mine = new HashMap<>();
        List<Jdk> jdks = Jdks.all();
        try (ForkedJvm jvm = program(jdks.get(number % jdks.size()), root).start()) {
            jvm.await("^made$", LIMIT);
            mine.put(Files.writeString(root.resolve("precious"), "precious"), "precious");
            Thread replacer = new Thread(() -> replaceUntilInterrupted(root, mine));
            jvm.send("go");
            jvm.await("^deleting$", LIMIT);
            replacer.start();
            if (number % 2 == 1) {
                // by what is to be seen: the machine may be faster or slower than when the time was taken
                awaitTrash(root, jvm, 1 + random.nextInt(DeletingProgram.FILES / 2));
            } else {
                // each fourth may hit the journal while it is written
                long began = number % 4 == 0 ? System.nanoTime() : awaitJournal(root, jvm);
                long end = began + (long) (random.nextDouble() * 1.2 * deletionNanos);
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
            jvm.kill();
            replacer.interrupt();
            join(replacer);
        }
        boolean inTrash = names(root).stream().anyMatch(name -> name.startsWith(Trash.PREFIX));
        List<Event> events = new ArrayList<>();
        new Replay(List.of(root.toString()), events::add).run();
        assertEquals(List.of(), events.stream().filter(event -> !event.name().equals("delete.replayed")).map(event -> event.fields().toString()).toList());
        assertEquals(List.of(), names(root).stream().filter(name -> name.startsWith(".ebb")).toList());
        for (Map.Entry<Path, String> file : mine.entrySet()) {
            assertEquals(file.getValue(), Files.exists(file.getKey()) ? Files.readString(file.getKey()) : "lost", file.getKey().toString());
        }
        events.clear();
        new Replay(List.of(root.toString()), events::add).run();
        assertEquals(List.of(), events);
        return inTrash;
    }

    /** Watches the directory without pause: what comes after is short. @return when it came */
    private static long awaitJournal(Path root, ForkedJvm jvm) {
        while (journals(root) == 0 && !jvm.stdout().contains("deleted")) {
            Thread.onSpinWait();
        }
        return System.nanoTime();
    }

    /** Until so many files lie in the trash, or it is over. */
    private static void awaitTrash(Path root, ForkedJvm jvm, int least) {
        while (trash(root) < least && !jvm.stdout().contains("deleted")) {
            Thread.onSpinWait();
        }
    }

    private static int trash(Path root) {
        int found = 0;
        for (int i = 0; i < 3; i++) {
            String[] names = root.resolve("directory" + i).toFile().list((directory, name) -> name.startsWith(Trash.PREFIX));
            // the directory may be gone
            found += names == null ? 0 : names.length;
        }
        return found;
    }

    private static int journals(Path root) {
        return root.toFile().list((directory, name) -> name.startsWith(Journal.PREFIX)).length;
    }

    /** As programs do: writes beside it and renames over it. Each name once. */
    private static void replaceUntilInterrupted(Path root, Map<Path, String> mine) {
        boolean interrupted = false;
        for (int i = 0; i < DeletingProgram.FILES && !interrupted; i += 3) {
            interrupted = Thread.currentThread().isInterrupted();
            Path file = root.resolve("directory" + i % 3).resolve("file" + i);
            try {
                Path other = Files.writeString(root.resolve("new" + i), "mine " + i);
                Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
                mine.put(file, "mine " + i);
            } catch (IOException e) {
                // its directory is gone: then so are all files of the load in it
                return;
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> names(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(path -> path.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
