package dev.ebb.turns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a program in several ways, in turn and round after round, so that whatever else the machine does meets all of them alike, and prints a table: a row for each line {@code figure|name|value} of the
 * program, the median of the rounds with their range for each way, and each further way compared with the first, round by round.
 */
public final class InTurn {
    private record Way(String name, List<String> options, Map<String, List<Double>> figures) { }

    private InTurn() { }

    /**
     * @param arguments directory for what is written, rounds, {@code ratio} or {@code difference}, {@code name=options} for each way, {@code --}, then the java to run and what stands behind the options.
     *     {@code LOG} in an option stands for a file that is new for each run.
     */
    public static void main(String[] arguments) throws Exception {
        Path work = Files.createDirectories(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[1]);
        boolean ratio = arguments[2].equals("ratio");
        List<Way> ways = new ArrayList<>();
        int at = 3;
        for (; !arguments[at].equals("--"); at++) {
            int equals = arguments[at].indexOf('=');
            String options = arguments[at].substring(equals + 1).trim();
            ways.add(new Way(arguments[at].substring(0, equals), options.isEmpty() ? List.of() : List.of(options.split(" +")), new LinkedHashMap<>()));
        }
        String java = arguments[at + 1];
        List<String> program = List.of(arguments).subList(at + 2, arguments.length);
        try {
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < ways.size(); i++) {
                    // there and back: a machine that becomes slower meets none of them more than the others
                    run(java, ways.get(round % 2 == 0 ? i : ways.size() - 1 - i), program, work);
                }
            }
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        print(ways, ratio);
    }

    private static void run(String java, Way way, List<String> program, Path work) throws IOException, InterruptedException {
        Path log = work.resolve("ebb.log");
        Files.deleteIfExists(log);
        List<String> command = new ArrayList<>(List.of(java));
        way.options.forEach(option -> command.add(option.replace("LOG", log.toString())));
        command.addAll(program);
        boolean any = false;
        for (String line : Runs.lines(command, work.resolve("output"))) {
            if (line.startsWith("figure|")) {
                String[] columns = line.split("\\|");
                way.figures.computeIfAbsent(columns[1], name -> new ArrayList<>()).add(Double.valueOf(columns[2]));
                any = true;
            }
        }
        if (!any) {
            throw new IOException("no figure from " + String.join(" ", command));
        }
    }

    private static void print(List<Way> ways, boolean ratio) {
        StringBuilder head = new StringBuilder("| |");
        StringBuilder rule = new StringBuilder("|---|");
        for (Way way : ways) {
            head.append(' ').append(way.name).append(way == ways.get(0) ? " |" : ratio ? " | ratio |" : " | more |");
            rule.append(way == ways.get(0) ? "--:|" : "--:|--:|");
        }
        System.out.println(head + "\n" + rule);
        Map<String, List<Double>> first = ways.get(0).figures;
        for (String figure : ways.get(ways.size() - 1).figures.keySet()) {
            StringBuilder row = new StringBuilder("| ").append(figure).append(" |");
            for (Way way : ways) {
                List<Double> values = way.figures.getOrDefault(figure, List.of());
                row.append(' ').append(values.isEmpty() ? "-" : Runs.spread(values, Runs.format(values))).append(" |");
                if (way != ways.get(0)) {
                    row.append(' ').append(compared(values, first.getOrDefault(figure, List.of()), ratio)).append(" |");
                }
            }
            System.out.println(row);
        }
    }

    private static String compared(List<Double> values, List<Double> base, boolean ratio) {
        if (values.isEmpty() || values.size() != base.size()) {
            return "-";
        }
        Collection<Double> each = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            each.add(ratio ? values.get(i) / base.get(i) : values.get(i) - base.get(i));
        }
        return Runs.spread(each, ratio ? "%.3f" : Runs.format(each).replace("%", "%+"));
    }
}
