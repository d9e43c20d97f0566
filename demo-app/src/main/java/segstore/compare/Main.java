package segstore.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import segstore.UsageException;

/** Runs the same failed load in every variant, one after the other, and shows the outcomes side by side. */
public final class Main {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private Main() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            compare(Setup.parse(Arrays.asList(arguments)));
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.exit(BAD_USAGE);
        } catch (IOException e) {
            System.err.println(e);
            System.exit(FAILED);
        }
    }

    private static void compare(Setup setup) throws IOException, InterruptedException {
        Files.createDirectories(setup.out());
        Runner runner = new Runner(setup);
        runner.generate();
        List<Outcome> outcomes = new ArrayList<>();
        for (Variant variant : setup.variants()) {
            System.out.println(variant.label() + ":");
            outcomes.add(runner.run(variant));
        }
        runner.cleanUp();
        String summary = summary(outcomes);
        System.out.println();
        System.out.print(summary);
        Path table = setup.out().resolve("table.md");
        Path chart = setup.out().resolve("rss.svg");
        Files.writeString(table, summary);
        Files.writeString(chart, new Chart(outcomes).svg());
        System.out.println("Written: " + table + " and " + chart);
    }

    private static String summary(List<Outcome> outcomes) {
        StringBuilder text = new StringBuilder(new Table(outcomes).toString()).append('\n');
        for (Outcome outcome : outcomes) {
            outcome.verdicts().forEach(line ->
                    text.append(outcome.variant().label()).append(": ").append(brief(line)).append('\n'));
        }
        return text.toString();
    }

    /** Without the stacks, which the log has in full. */
    private static String brief(String verdict) {
        int frames = verdict.indexOf(" < ");
        return frames < 0 ? verdict : verdict.substring(0, frames) + " ...";
    }
}
