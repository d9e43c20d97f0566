package dev.ebb.turns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long it takes from the moment at which a load that nobody wants has gone quiet until RSS is back, beside what the kernel alone takes for the same bytes in the same run. A row for each kind, size and
 * number of resources.
 */
public final class RollbackTimes {
    private static final long GIB = 1L << 30;
    private static final int[] RESOURCES = {1, 100, 10_000, 1_000_000};
    /** A buffer has less than 2 GiB. */
    private static final long LARGEST_BYTES = GIB;
    /** What the machine keeps besides. */
    private static final long LEFT_BYTES = 4 * GIB;
    private static final long HEAP_BYTES = GIB;
    /** Mappings that the JVM itself and its libraries may have, of those that the kernel allows a process. */
    private static final int OTHER_MAPPINGS = 5_000;

    private RollbackTimes() { }

    /** @param arguments directory for what is written, rounds, the program of unmap.c, sizes in GiB separated by blanks, then the java to run with its options and the main class */
    public static void main(String[] arguments) throws Exception {
        Path work = Files.createDirectories(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[1]);
        List<String> program = List.of(arguments).subList(4, arguments.length);
        System.out.println("| taken as | GiB | resources | madvise whole, ms | munmap whole, ms | in as many pieces | by the JVM's own cleaners, without Ebb | with Ebb RSS is back after | times munmap whole | times pieces"
            + " | before it falls | collections: number, ms | purge ms | processor ms: munmap whole, cleaners without Ebb, with Ebb | times munmap | verdict after ms |");
        System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        List<String> skipped = new ArrayList<>();
        for (String kind : List.of("direct", "mapped")) {
            for (int most : RESOURCES) {
                for (String gib : arguments[3].trim().split(" +")) {
                    long bytes = Long.parseLong(gib) * GIB;
                    int resources = (int) Math.max(most, (bytes + LARGEST_BYTES - 1) / LARGEST_BYTES);
                    String why = unable(kind, bytes, resources);
                    if (why != null) {
                        skipped.add(kind + ", " + gib + " GiB, " + resources + " resources: " + why);
                        continue;
                    }
                    try {
                        System.out.println(row(kind, gib, bytes, resources, rounds, List.of(arguments[2]), program, work));
                    } catch (IOException e) {
                        System.err.println(e.getMessage());
                        System.exit(1);
                    }
                }
            }
        }
        skipped.forEach(what -> System.out.println("Skipped: " + what));
    }

    private static String row(String kind, String gib, long bytes, int resources, int rounds, List<String> raw, List<String> program, Path work) throws IOException, InterruptedException {
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        List<String> wanted = List.of(kind, Long.toString(bytes), Integer.toString(resources), work.resolve("mapped").toString());
        for (int round = 0; round < rounds; round++) {
            List<String> alone = new ArrayList<>(raw);
            alone.addAll(wanted.subList(1, kind.equals("mapped") ? 4 : 3));
            collect(Runs.lines(alone, work.resolve("output")), figures, "");
            for (boolean ebb : new boolean[] {false, true}) {
                collect(Runs.lines(jvm(program, ebb, wanted, work), work.resolve("output")), figures, ebb ? "ebb." : "jvm.");
            }
            times(figures, "times", "ebb.back", "munmap");
            times(figures, "timesPieces", "ebb.back", "pieces");
            times(figures, "timesCpu", "ebb.cpu", "munmapCpu");
        }
        return "| " + kind + " | " + gib + " | " + String.format(Locale.ROOT, "%,d", resources) + " | " + spread(figures, "madvise") + " | " + spread(figures, "munmap") + " | " + spread(figures, "pieces") + " | "
            + spread(figures, "jvm.back") + " | " + spread(figures, "ebb.back") + " | " + Runs.spread(figures.get("times"), "%.2f") + " | " + Runs.spread(figures.get("timesPieces"), "%.2f") + " | "
            + median(figures, "ebb.falls") + " | " + median(figures, "ebb.collections") + ", " + median(figures, "ebb.collected") + " | " + median(figures, "ebb.purge") + " | "
            + median(figures, "munmapCpu") + ", " + median(figures, "jvm.cpu") + ", " + median(figures, "ebb.cpu") + " | " + Runs.spread(figures.get("timesCpu"), "%.2f") + " | " + median(figures, "ebb.verdict") + " |";
    }

    /** Without Ebb its options are left out. */
    private static List<String> jvm(List<String> program, boolean ebb, List<String> wanted, Path work) throws IOException {
        Path log = work.resolve("ebb.log");
        Files.deleteIfExists(log);
        List<String> command = new ArrayList<>();
        for (String word : program) {
            if (ebb || !word.startsWith("-javaagent:") && !word.startsWith("-Debb.")) {
                command.add(word.replace("LOG", log.toString()));
            }
        }
        command.addAll(wanted);
        return command;
    }

    /** The figures of the last round for each name: the program prints those of its warming up first. */
    private static void collect(List<String> lines, Map<String, List<Double>> figures, String prefix) {
        Map<String, Double> last = new LinkedHashMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (line.matches("\\w+=[0-9.E-]+")) {
                last.put(line.substring(0, equals), Double.valueOf(line.substring(equals + 1)));
            }
        }
        last.forEach((name, value) -> figures.computeIfAbsent(prefix + name, n -> new ArrayList<>()).add(value));
    }

    private static void times(Map<String, List<Double>> figures, String name, String of, String base) {
        List<Double> values = figures.get(of);
        List<Double> bases = figures.get(base);
        figures.computeIfAbsent(name, n -> new ArrayList<>()).add(values.get(values.size() - 1) / bases.get(bases.size() - 1));
    }

    private static String spread(Map<String, List<Double>> figures, String name) {
        return Runs.spread(figures.get(name), "%.0f");
    }

    private static String median(Map<String, List<Double>> figures, String name) {
        return String.format(Locale.ROOT, "%.0f", Runs.median(figures.get(name)));
    }

    /** Why this machine cannot, or null if it can. */
    private static String unable(String kind, long bytes, int resources) throws IOException {
        long available = Files.readAllLines(Path.of("/proc/meminfo")).stream().filter(line -> line.startsWith("MemAvailable"))
            .mapToLong(line -> Long.parseLong(Arrays.asList(line.split(" +")).get(1)) * 1024).findFirst().orElse(0);
        long needed = bytes + HEAP_BYTES + LEFT_BYTES;
        if (available < needed) {
            return String.format(Locale.ROOT, "%.1f GiB are available, and %.1f needed with the heap and what is left to others", available / (double) GIB, needed / (double) GIB);
        }
        // at one go: the kernel tells the beginning alone otherwise
        int mappings = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).get(0));
        return kind.equals("mapped") && resources > mappings - OTHER_MAPPINGS ? "vm.max_map_count is " + mappings : null;
    }
}
