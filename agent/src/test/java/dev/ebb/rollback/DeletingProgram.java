package dev.ebb.rollback;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A process that deletes what it has made, to be killed while it does so, or that tries to take a journal over. */
public final class DeletingProgram {
    static final int FILES = 900;

    private DeletingProgram() { }

    /** @param args {@code delete} and a directory, or {@code take over} and a journal */
    public static void main(String[] args) throws IOException {
        Path path = Path.of(args[1]);
        if (args[0].equals("delete")) {
            delete(path);
        } else {
            try (Journal journal = Journal.takeOver(path)) {
                System.out.println(journal == null ? "held" : "taken over");
            }
        }
    }

    private static void delete(Path root) throws IOException {
        Made made = new Made();
        for (int i = 0; i < FILES; i++) {
            Path directory = root.resolve("directory" + i % 3);
            if (i < 3) {
                made.directory(directory);
            }
            made.file(directory.resolve("file" + i));
        }
        System.out.println("made");
        if (System.in.read() < 0) {
            return;
        }
        System.out.println("deleting");
        Map<Fate, Integer> fates = new TreeMap<>();
        for (Deleter.Result result : new Deleter(List.of(root.toString())).delete(made.files(), millis -> false)) {
            fates.merge(result.fate(), 1, Integer::sum);
        }
        System.out.println("deleted " + fates + " left " + Made.listing(root).size() + " " + Files.exists(root));
    }
}
