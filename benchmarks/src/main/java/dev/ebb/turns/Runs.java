package dev.ebb.turns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, and what is made of several runs. */
final class Runs {
    private static final long LIMIT_MINUTES = 10;

    private Runs() { }

    /**
     * @param output where what it prints is kept
     * @return the lines that it has printed
     * @throws IOException if it does not end well: a figure of a run that went wrong is none
     */
    static List<String> lines(List<String> command, Path output) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        List<String> lines = Files.readAllLines(output);
        if (!ended || process.exitValue() != 0) {
            throw new IOException((ended ? "exit " + process.exitValue() : "no end") + " of " + String.join(" ", command) + "\n" + String.join("\n", lines));
        }
        return lines;
    }

    static double median(Collection<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** {@code 12.3 (11.8 to 13.1)}: the median and the range; just the value if there is one. */
    static String spread(Collection<Double> values, String format) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        String median = String.format(Locale.ROOT, format, median(values));
        return sorted.length < 2 ? median : median + String.format(Locale.ROOT, " (" + format + " to " + format + ")", sorted[0], sorted[sorted.length - 1]);
    }

    /** Three digits or all of a whole number. */
    static String format(Collection<Double> values) {
        double largest = values.stream().mapToDouble(Math::abs).max().orElse(0);
        return largest >= 100 || Arrays.stream(values.toArray()).allMatch(value -> (Double) value == Math.rint((Double) value)) ? "%.0f" : largest >= 10 ? "%.1f" : "%.2f";
    }
}
