package stories;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of what was seen. */
final class Report {
    private final StringBuilder text = new StringBuilder();

    Report() {
        line("| issue | engine | | failed load | RSS MiB | direct MiB | mapped MiB | descriptors | locks | files | next load | after a full collection |");
        line("|---|---|---|---|--:|--:|--:|--:|--:|--:|---|---|");
    }

    void add(Told told, String way, Seen seen) {
        Remains left = seen.left();
        line(String.format(Locale.ROOT, "| %s | %s | %s | %s | %d | %d | %d | %d | %d | %d | %s | %s |", told.issue(), told.engine(), way, left.isNothing() ? "all given back after " + seconds(seen.millis()) : "left after " + seconds(seen.millis()),
            Math.max(0, mebibytes(left.residentBytes())), mebibytes(left.directBytes()), mebibytes(left.mappedBytes()), left.descriptors(), left.locks(), left.files(), next(seen.next()),
            words(seen.collected()) + "; next load " + next(seen.nextCollected())));
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String next(String failure) {
        return failure.isEmpty() ? "succeeds" : "fails: " + failure.replaceFirst("^[\\w.$]+\\.", "").replace('|', '/');
    }

    private static String words(Remains remains) {
        List<String> words = new ArrayList<>();
        if (remains.isMemory()) {
            words.add(mebibytes(remains.residentBytes()) + " MiB");
        }
        if (remains.mappedBytes() > 0) {
            words.add(mebibytes(remains.mappedBytes()) + " MiB mapped");
        }
        if (remains.descriptors() > 0) {
            words.add(remains.descriptors() + " descriptors");
        }
        if (remains.locks() > 0) {
            words.add(remains.locks() + " locks");
        }
        return words.isEmpty() ? "nothing left" : String.join(", ", words);
    }

    private static long mebibytes(long bytes) {
        return Math.round(bytes / 1048576.0);
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
