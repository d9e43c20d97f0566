package dev.ebb.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The directory of the reports. A file appears whole or not at all; what is deleted bears one of our own names. Several processes may share it. On the thread
 * that writes reports.
 */
final class ReportDirectory {
    private static final Pattern OURS = Pattern.compile("ebb-\\d{8}T\\d{9}Z-\\d+(-\\d+\\.(html|json)|\\.hlog)");
    private static final Pattern UNFINISHED = Pattern.compile("\\.ebb-.*\\.tmp");
    private static final long UNFINISHED_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final Path directory;
    private final int keep;
    private final long mostBytes;

    /** @param keep so many post-mortems at most @param mostBytes of all files together */
    ReportDirectory(String directory, int keep, long mostBytes) {
        this.directory = Path.of(directory);
        this.keep = keep;
        this.mostBytes = mostBytes;
    }

    void write(String name, String text) throws IOException {
        Files.createDirectories(directory);
        Path unfinished = directory.resolve(".ebb-" + ProcessHandle.current().pid() + "-" + name + ".tmp");
        try {
            Files.deleteIfExists(unfinished);
            // half of a surrogate pair, as a label may have, becomes a question mark
            Files.write(unfinished, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(unfinished, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException | Error e) {
            deleteQuietly(unfinished);
            throw e;
        }
    }

    /** Deletes the oldest reports beyond the limits. @param newest the beginning of names that stay in any case */
    void prune(String newest) throws IOException {
        List<Path> files = ours();
        long bytes = 0;
        int reports = 0;
        for (Path file : files) {
            bytes += size(file);
            reports += file.toString().endsWith(".html") ? 1 : 0;
        }
        for (Path file : files) {
            if (bytes <= mostBytes && reports <= keep) {
                return;
            }
            if (!file.getFileName().toString().startsWith(newest)) {
                bytes -= size(file);
                reports -= file.toString().endsWith(".html") ? 1 : 0;
                deleteQuietly(file);
            }
        }
    }

    /** The first lines of the JSON twins, by name without ending, newest first. */
    List<String[]> summaries() throws IOException {
        List<String[]> summaries = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return summaries; // no report was written yet
        }
        for (Path file : ours()) {
            String name = file.getFileName().toString();
            if (name.endsWith(".json")) {
                try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                    summaries.add(0, new String[] {name.substring(0, name.length() - ".json".length()), reader.readLine()});
                } catch (IOException gone) {
                    // another process has pruned it
                }
            }
        }
        return summaries;
    }

    /** Oldest first, as their names tell; leftovers of killed processes go on the way. */
    private List<Path> ours() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path file : all) {
                String name = file.getFileName().toString();
                if (OURS.matcher(name).matches()) {
                    files.add(file);
                } else if (UNFINISHED.matcher(name).matches() && System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis() > UNFINISHED_MILLIS) {
                    deleteQuietly(file);
                }
            }
        }
        files.sort(Comparator.comparing(Path::toString));
        return files;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return 0;
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // the next one tries again
        }
    }
}
