package segstore.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import segstore.UsageException;
import segstore.cli.Options;

/**
 * What is compared, where, and with which tools.
 *
 * @param java the java command
 * @param jar the demo's jar
 * @param agent the agent's jar, or null: then its variants are left out
 * @param jemalloc the library to preload, or null: then its variants are left out
 * @param out folder for all results
 * @param directBytes limit of direct memory for the program
 * @param runOptions passed to the program as they are
 * @param agentOptions JVM options for the variants with the agent
 */
record Setup(String java, Path jar, Path agent, Path jemalloc, Path out, long directBytes, List<String> runOptions,
        List<String> agentOptions) {
    private static final List<String> PASSED = List.of("size", "segments", "faults", "load-timeout", "slow", "marks");
    private static final String DEFAULT_FAULTS = "outlives-timeout,ignores-interrupts,leaves-files,holds-reservation";

    static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("size", "1g");
        defaults.put("segments", "2");
        defaults.put("faults", DEFAULT_FAULTS);
        defaults.put("load-timeout", "3");
        defaults.put("slow", "4");
        defaults.put("marks", "1,10,30");
        defaults.put("java", "java");
        defaults.put("jar", "");
        defaults.put("agent", "");
        defaults.put("jemalloc", "");
        defaults.put("out", "");
        defaults.put("ebb", "");
        return defaults;
    }

    /** @throws UsageException if a value will not do */
    static Setup parse(List<String> arguments) {
        Options options = Options.parse(arguments, defaults());
        long size = options.size("size", 8L << 20, 12L << 30);
        List<String> run = new ArrayList<>();
        PASSED.forEach(name -> run.add("--" + name + "=" + options.text(name)));
        return new Setup(options.text("java"), needed(options, "jar"), file(options, "agent"),
                file(options, "jemalloc"), out(options), 2 * size, List.copyOf(run),
                Arrays.stream(options.text("ebb").split("\\s+")).filter(option -> !option.isEmpty()).toList());
    }

    /** The variants for which everything is there. */
    List<Variant> variants() {
        return Variant.ALL.stream()
                .filter(variant -> !variant.jemalloc() || jemalloc != null)
                .filter(variant -> !variant.agent() || agent != null)
                .toList();
    }

    Path data() {
        return out.resolve("data");
    }

    Path cache() {
        return out.resolve("cache");
    }

    Path csv(Variant variant) {
        return out.resolve("rss-" + variant.slug() + ".csv");
    }

    Path agentLog(Variant variant) {
        return out.resolve("ebb-" + variant.slug() + ".log");
    }

    private static Path out(Options options) {
        if (options.text("out").isEmpty()) {
            throw options.bad("out", "name a folder for the results");
        }
        return options.path("out").toAbsolutePath();
    }

    private static Path needed(Options options, String name) {
        Path file = file(options, name);
        if (file == null) {
            throw options.bad(name, "name a file");
        }
        return file;
    }

    private static Path file(Options options, String name) {
        if (options.text(name).isEmpty()) {
            return null;
        }
        Path file = options.path(name).toAbsolutePath();
        if (!Files.isRegularFile(file)) {
            throw options.bad(name, "there is no such file");
        }
        return file;
    }
}
