package segstore.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import segstore.ObjectStore;
import segstore.UsageException;
import segstore.data.Generator;

/** The command line of the segment store. */
public final class Main {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private Main() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            run(Arrays.asList(arguments));
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.err.println("See --help.");
            System.exit(BAD_USAGE);
        } catch (IOException e) {
            System.err.println(e);
            System.exit(FAILED);
        }
    }

    private static void run(List<String> arguments) throws IOException, InterruptedException {
        if (arguments.isEmpty() || arguments.contains("--help") || arguments.contains("-h")) {
            System.out.println(help());
            return;
        }
        List<String> options = arguments.subList(1, arguments.size());
        switch (arguments.get(0)) {
            case "generate" -> generate(RunOptions.parse(options));
            case "run" -> runScenario(RunOptions.parse(options));
            default -> throw new UsageException("there is no command '" + arguments.get(0)
                    + "'; use 'generate' or 'run'");
        }
    }

    private static void generate(RunOptions options) throws IOException, InterruptedException {
        Generator generator = new Generator(new ObjectStore(options.objects()), options.recipe());
        if (generator.isDone()) {
            System.out.println("Collection " + options.recipe().collection() + " is there already.");
            return;
        }
        long start = System.nanoTime();
        generator.generate();
        System.out.printf("Made collection %s in %.1f s.%n", options.recipe().collection(),
                (System.nanoTime() - start) / 1e9);
    }

    private static void runScenario(RunOptions options) throws IOException, InterruptedException {
        generate(options);
        try (MemoryRecorder memory = MemoryRecorder.start(options.csv())) {
            new FailedLoad(options, memory, new Report(System.out, memory)).run();
        }
    }

    private static String help() {
        String jar = Path.of(System.getProperty("java.class.path")).getFileName().toString();
        return """
                A small segment store: it loads collections into off-heap memory, and searches them.

                java -jar %s generate [options]   make a collection in the object store
                java -jar %s run [options]        load it so slowly that the load times out, watch
                    the memory, then load it again and search

                Options of both (with their defaults):
                  --size=1g            bytes of all index files, 8m to 12g
                  --segments=2         segments that share them
                  --seed=42            equal seeds give equal collections
                  --data=segstore-data folder of the object store and, by default, of all else
                Options of run:
                  --faults=outlives-timeout,ignores-interrupts,leaves-files,holds-reservation
                                       what the store does wrong about a load that timed out: all, none, or
                                       some of these and half-built-in-map, with commas between them
                  --load-timeout=3     seconds that the first load may take
                  --slow=4             times that timeout which the slow object store needs
                  --next-timeout=600   seconds that the other loads may take
                  --budget=BYTES       memory for all segments; one and a half times the size by default
                  --loaders=N          loader threads; as many as segments by default
                  --marks=1,10,30      seconds after the failed load at which memory is read
                  --cache=DIR          local copies of index files; DATA/cache by default
                  --rss-csv=FILE       memory every 100 ms; DATA/rss.csv by default
                Sizes are bytes, or have k, m or g behind them. Exit code 2 means an option was wrong."""
                .formatted(jar, jar);
    }
}
