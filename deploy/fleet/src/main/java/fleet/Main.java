package fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Runs the same failed load on a cluster without and with Ebb; see {@code deploy/fleet/run --help}. */
public final class Main {
    private Main() { }

    /** @param args the directory {@code deploy/fleet}, then what the user gave */
    public static void main(String[] args) throws Exception {
        Settings settings;
        try {
            settings = Settings.parse(Path.of(args[0]).toAbsolutePath().normalize(), java.util.Arrays.copyOfRange(args, 1, args.length));
        } catch (Settings.WrongUse e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        // what an earlier run has left, and nothing else that may be in a directory that the user names
        for (String own : List.of("store", "without-ebb", "with-ebb")) {
            delete(settings.out().resolve(own));
        }
        Path segments = Files.createDirectories(settings.out().resolve("store"));
        long entries = SegmentMaker.make(segments, 3, settings.segmentBytes());
        Outcome without;
        Outcome with;
        try (ObjectStore store = new ObjectStore(segments)) {
            without = new Scenario(settings, store, entries, false).run();
            with = new Scenario(settings, store, entries, true).run();
        }
        String report = Report.of(List.of(without, with));
        Files.writeString(settings.out().resolve("table.md"), report);
        System.out.print(report);
        if (!with.failed().serves() || !with.othersNoticedNothing()) {
            System.err.println("With Ebb the worker should have its segment, and nobody else should have noticed: it is not so.");
            System.exit(1);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }
}
