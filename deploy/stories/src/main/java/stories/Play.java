package stories;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Plays one story in a JVM of its own, with or without an agent, of which it knows nothing. */
public final class Play {
    /** So long what is left behind may take to go. */
    private static final long PATIENCE_SECONDS = 20;
    private static final long APART_MILLIS = 250;

    private final Story story;
    private final Path sound;
    private final Path segment;
    private final Properties seen = new Properties();

    private Play(Story story, Path sound, Path segment) {
        this.story = story;
        this.sound = sound;
        this.segment = segment;
    }

    /**
     * @param args {@code make}, the story's class, and where the sound segment goes; or {@code play}, the story's class, where that is, a directory for the copy that is loaded, and a
     *     file for what was seen
     */
    public static void main(String[] args) throws Exception {
        Story story = (Story) Class.forName(args[1]).getConstructor().newInstance();
        if (args[0].equals("make")) {
            story.make(Files.createDirectories(Path.of(args[2])));
        } else {
            Play play = new Play(story, Path.of(args[2]), Files.createDirectories(Path.of(args[3])).toRealPath());
            play.run();
            try (Writer out = Files.newBufferedWriter(Path.of(args[4]))) {
                play.seen.store(out, null);
            }
        }
        // whatever an engine has left running
        System.exit(0);
    }

    private void run() throws Exception {
        for (Path file : files(sound)) {
            Files.write(segment.resolve(file.getFileName()), Files.readAllBytes(file));
        }
        // classes, libraries and caches of a load that goes well are no remains of one that fails
        story.load(segment).close();
        collect();
        Remains before = Remains.now(segment);
        Path spoiled = story.spoil(segment);
        seen.setProperty("failure", failure());
        long begun = System.nanoTime();
        Remains left = Remains.now(segment).since(before);
        while (!left.isNothing() && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            Thread.sleep(APART_MILLIS);
            left = Remains.now(segment).since(before);
        }
        seen.setProperty("millis", Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)));
        left.write("left", seen);
        Files.write(segment.resolve(spoiled.getFileName()), Files.readAllBytes(sound.resolve(spoiled.getFileName())));
        seen.setProperty("next", failure());
        collect();
        Remains.now(segment).since(before).write("collected", seen);
        seen.setProperty("nextCollected", failure());
    }

    /** Loads once. @return how that failed; empty if it did not */
    private String failure() {
        try {
            story.load(segment).close();
            return "";
        } catch (Exception | Error e) {
            e.printStackTrace();
            return e.toString();
        }
    }

    /** What a program that helps itself can do: finalizers and cleaners run, and what they have let go is collected as well. */
    private static void collect() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            System.runFinalization();
            Thread.sleep(500);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
