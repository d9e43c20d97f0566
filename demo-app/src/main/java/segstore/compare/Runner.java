package segstore.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Starts the program, each time in a fresh JVM, and collects what it reports. For one thread. */
final class Runner {
    private static final String RESULT = "RESULT ";
    /** Fixed and touched at the start, so that what moves afterwards is outside the heap. */
    private static final List<String> HEAP = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

    private final Setup setup;

    Runner(Setup setup) {
        this.setup = setup;
    }

    /** Makes the collection, so that no run spends time or memory on it. */
    void generate() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(setup.java(), "-Xmx1g", "-jar", setup.jar().toString(),
                "generate", "--data=" + setup.data()));
        setup.runOptions().stream().filter(option -> option.startsWith("--size=") || option.startsWith("--segments="))
                .forEach(command::add);
        run(clean(new ProcessBuilder(command)), setup.out().resolve("generate.txt"));
    }

    Outcome run(Variant variant) throws IOException, InterruptedException {
        deleteTree(setup.cache()); // what the run before has left is no concern of this one
        Files.deleteIfExists(setup.agentLog(variant));
        ProcessBuilder process = clean(new ProcessBuilder(command(variant)));
        if (variant.jemalloc()) {
            process.environment().put("LD_PRELOAD", setup.jemalloc().toString());
        }
        Map<String, String> results = run(process, setup.out().resolve("run-" + variant.slug() + ".txt"));
        return new Outcome(variant, results, Outcome.samples(setup.csv(variant)), verdicts(variant));
    }

    void cleanUp() throws IOException {
        deleteTree(setup.cache());
    }

    private List<String> command(Variant variant) {
        List<String> command = new ArrayList<>();
        command.add(setup.java());
        command.addAll(HEAP);
        command.add("-XX:MaxDirectMemorySize=" + setup.directBytes());
        if (variant.agent()) {
            command.add("-javaagent:" + setup.agent());
            command.add("-Debb.loads=segstore.SegmentLoader#load");
            command.add("-Debb.files=" + setup.cache());
            command.add("-Debb.log.file=" + setup.agentLog(variant));
            command.addAll(setup.agentOptions());
        }
        command.addAll(List.of("-jar", setup.jar().toString(), "run", "--data=" + setup.data(),
                "--cache=" + setup.cache(), "--rss-csv=" + setup.csv(variant)));
        command.addAll(setup.runOptions());
        return command;
    }

    private Map<String, String> run(ProcessBuilder process, Path copy) throws IOException, InterruptedException {
        Map<String, String> results = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        Process running = process.redirectErrorStream(true).start();
        try (BufferedReader reader = running.inputReader()) {
            String line;
            while ((line = reader.readLine()) != null) {
                lines.add(line);
                int equals = line.indexOf('=');
                if (line.startsWith(RESULT) && equals > 0) {
                    results.put(line.substring(RESULT.length(), equals), line.substring(equals + 1));
                } else {
                    System.out.println("  " + line);
                }
            }
            int exit = running.waitFor();
            if (exit != 0) {
                System.out.println("  ended with exit code " + exit + "; its command was: "
                        + String.join(" ", process.command()));
            }
        } finally {
            running.destroy();
            Files.write(copy, lines);
        }
        return results;
    }

    /** Takes away what would make two variants differ, or all of them differ from what the table says. */
    private static ProcessBuilder clean(ProcessBuilder process) {
        List.of("LD_PRELOAD", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "_RJEM_MALLOC_CONF")
                .forEach(process.environment()::remove);
        process.environment().keySet().removeIf(name -> name.startsWith("MALLOC_") || name.startsWith("EBB_"));
        return process;
    }

    /** Each load's last one: the agent may judge a load again, whose threads have gone since. */
    private List<String> verdicts(Variant variant) throws IOException {
        Path log = setup.agentLog(variant);
        if (!variant.agent() || !Files.exists(log)) {
            return List.of();
        }
        Map<String, String> last = new LinkedHashMap<>();
        for (String line : Files.readAllLines(log)) {
            if (line.contains(" verdict ")) {
                last.put(line.replaceFirst(".* (load=\\S+).*", "$1"), line);
            }
        }
        return List.copyOf(last.values());
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
