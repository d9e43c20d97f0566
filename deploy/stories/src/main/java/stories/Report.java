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
        line(String.format(Locale.ROOT, "| %s | %s | %s | %s | %d | %d | %d | %d | %d | %d | %s | %s |", told.issue(), told.engine(), way,
            (left.isNothing() ? "all given back after " : "left after ") + seconds(seen.millis()),
            Math.max(0, mebibytes(left.residentBytes())), mebibytes(left.directBytes()), mebibytes(left.mappedBytes()), left.descriptors(), left.locks(), left.files(), next(seen.next()),
            words(seen.collected()) + (seen.next().isEmpty() ? "" : "; next load " + (seen.nextCollected().isEmpty() ? "succeeds" : "fails"))));
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** Without the package of the exception, and without the directories of a path. */
    private static String next(String failure) {
        return failure.isEmpty() ? "succeeds" : "fails: " + failure.replaceFirst("^[\\w.]+\\.(?:\\w+\\$)?", "").replaceAll("/(?:[^/\\s]+/)+", "").replace('|', '/');
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
            words.add(count(remains.descriptors(), "descriptor"));
        }
        if (remains.locks() > 0) {
            words.add(count(remains.locks(), "lock"));
        }
        return words.isEmpty() ? "nothing left" : String.join(", ", words);
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
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
