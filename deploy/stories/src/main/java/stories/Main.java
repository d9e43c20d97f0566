package stories;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Plays failures that users of engines have told in public, without and with Ebb; see {@code deploy/stories/run --help}. */
public final class Main {
    private Main() { }

    /** @param args the directory {@code deploy/stories}, then what the user gave */
    public static void main(String[] args) throws Exception {
        Settings settings;
        try {
            settings = Settings.parse(Path.of(args[0]).toAbsolutePath().normalize(), List.of(args).subList(1, args.length));
        } catch (Settings.WrongUse e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Report report = new Report();
        List<String> wrong = new ArrayList<>();
        for (Told told : Told.all()) {
            if (!settings.only().isEmpty() && !settings.only().contains(told.story())) {
                continue;
            }
            if (Runtime.version().feature() > told.newestJdk()) {
                System.err.println(told.story() + " is left out: " + told.engine() + " does not run on JDK " + Runtime.version().feature());
                continue;
            }
            System.err.println(told.story() + ": " + told.issue());
            delete(settings.out().resolve(told.story()));
            play(new Stage(settings, told), told, report, wrong);
        }
        Files.writeString(settings.out().resolve("table.md"), report.toString());
        System.out.print(report);
        wrong.forEach(System.err::println);
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private static void play(Stage stage, Told told, Report report, List<String> wrong) throws IOException, InterruptedException {
        stage.make();
        Seen without = stage.play("without", null);
        report.add(told, "without", without);
        if (!without.shows(told)) {
            wrong.add("WRONG: " + told.story() + " did not happen without Ebb: " + without);
        }
        for (Told.Way way : told.ways()) {
            String name = way.title().replaceAll("\\W+", "-");
            Seen with = stage.play(name, way);
            report.add(told, way.title(), with);
            if (!with.isOver() && (way.verdict() == null || !stage.says(name, "verdict=" + way.verdict()))) {
                wrong.add("WRONG: " + told.story() + " " + way.title() + " should leave nothing" + (way.verdict() == null ? "" : ", or Ebb say " + way.verdict()) + ": " + with);
            }
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
