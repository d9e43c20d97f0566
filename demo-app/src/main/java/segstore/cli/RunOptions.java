package segstore.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import segstore.Fault;
import segstore.UsageException;
import segstore.data.Recipe;

/**
 * What {@code run} and {@code generate} are told.
 *
 * @param recipe the collection
 * @param data folder with the object store ({@code objects}) and, unless told otherwise, the cache and the CSV
 * @param cache folder for local copies
 * @param csv where the memory is recorded
 * @param faults what the store does wrong
 * @param timeoutSeconds load timeout of the load that is to fail
 * @param slow how many times that timeout the slow store takes for a segment
 * @param nextTimeoutSeconds load timeout of every other load
 * @param budgetBytes memory for all segments
 * @param loaders loader threads
 * @param marks seconds after the failed load at which memory is read
 */
record RunOptions(Recipe recipe, Path data, Path cache, Path csv, Set<Fault> faults, long timeoutSeconds, long slow,
        long nextTimeoutSeconds, long budgetBytes, int loaders, List<Long> marks) {
    static final long LEAST_BYTES = 8L << 20;
    static final long MOST_BYTES = 12L << 30;
    private static final long DAY_SECONDS = 86_400;
    private static final int MOST_SEGMENTS = 64;
    /** Folder of the object store in {@link #data()}. */
    private static final String OBJECTS = "objects";

    /** Names, defaults; an empty one is derived from others. */
    static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("size", "1g");
        defaults.put("segments", "2");
        defaults.put("seed", "42");
        defaults.put("data", "segstore-data");
        defaults.put("cache", "");
        defaults.put("rss-csv", "");
        defaults.put("faults", Fault.labels(Fault.COMMON));
        defaults.put("load-timeout", "3");
        defaults.put("slow", "4");
        defaults.put("next-timeout", "600");
        defaults.put("budget", "");
        defaults.put("loaders", "");
        defaults.put("marks", "1,10,30");
        return defaults;
    }

    /** @throws UsageException if a value will not do */
    static RunOptions parse(List<String> arguments) {
        Options options = Options.parse(arguments, defaults());
        long size = options.size("size", LEAST_BYTES, MOST_BYTES);
        int segments = (int) options.number("segments", 1, MOST_SEGMENTS);
        if (size / segments < LEAST_BYTES / 2) {
            throw options.bad("segments", "with --size=" + options.text("size") + " use at most "
                    + size / (LEAST_BYTES / 2));
        }
        Recipe recipe = new Recipe(size, segments, options.number("seed", Long.MIN_VALUE, Long.MAX_VALUE));
        Path data = options.path("data");
        return new RunOptions(recipe, data,
                options.text("cache").isEmpty() ? data.resolve("cache") : options.path("cache"),
                options.text("rss-csv").isEmpty() ? data.resolve("rss.csv") : options.path("rss-csv"),
                Fault.parse(options.text("faults")),
                options.number("load-timeout", 1, DAY_SECONDS),
                options.number("slow", 2, 100),
                options.number("next-timeout", 1, DAY_SECONDS),
                // room for the collection and a little more, not for two of it
                options.text("budget").isEmpty() ? size + size / 2 : options.size("budget", 1, 1L << 40),
                options.text("loaders").isEmpty() ? segments : (int) options.number("loaders", 1, MOST_SEGMENTS),
                marks(options));
    }

    Path objects() {
        return data.resolve(OBJECTS);
    }

    private static List<Long> marks(Options options) {
        try {
            List<Long> marks = Arrays.stream(options.text("marks").split(",")).map(Long::parseLong).sorted().toList();
            if (marks.get(0) >= 0) {
                return marks;
            }
        } catch (NumberFormatException e) {
            // the message below serves for both
        }
        throw options.bad("marks", "give seconds with commas between them, such as 1,10,30");
    }
}
