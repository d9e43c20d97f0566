package fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what jobs have written by {@code fleet.jobs.Journal}. */
final class Journals {
    private final Path directory;

    Journals(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** @param words of the line, without its time */
    record Line(long millis, List<String> words) {
        String what() {
            return words.get(0);
        }

        long number(int index) {
            return Long.parseLong(words.get(index));
        }

        String text() {
            return String.join(" ", words);
        }
    }

    Path directory() {
        return directory;
    }

    List<Line> read(String kind, String worker) throws IOException {
        Path file = directory.resolve(kind + "-" + worker + ".txt");
        List<Line> lines = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                List<String> words = List.of(line.split(" "));
                lines.add(new Line(Long.parseLong(words.get(0)), words.subList(1, words.size())));
            }
        }
        return lines;
    }

    /** Answered, failed, and how long the slowest took, of a span of time. */
    record Queries(long answered, long failed, long slowestMillis, long longestGapMillis) { }

    /** @param from the clock's milliseconds; lines of seconds that began before count if they end after it */
    Queries queries(String kind, String worker, long from) throws IOException {
        long answered = 0;
        long failed = 0;
        long slowest = 0;
        long gap = 0;
        long last = 0;
        for (Line line : read(kind, worker)) {
            if (line.millis >= from) {
                answered += line.number(1);
                failed += line.number(2);
                slowest = Math.max(slowest, line.number(3));
                gap = last == 0 ? 0 : Math.max(gap, line.millis - last);
            }
            last = line.millis;
        }
        return new Queries(answered, failed, slowest, gap);
    }
}
