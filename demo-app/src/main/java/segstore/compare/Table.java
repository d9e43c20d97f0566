package segstore.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** All outcomes as one Markdown table that also reads well as plain text. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(List<Outcome> outcomes) {
        List<String> marks = outcomes.stream().flatMap(outcome -> outcome.results().keySet().stream())
                .filter(key -> key.startsWith("rssAfter")).distinct().toList();
        rows.add(header(marks));
        outcomes.forEach(outcome -> rows.add(row(outcome, marks)));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            line(text, rows.get(row), " ");
            if (row == 0) {
                line(text, Collections.nCopies(rows.get(0).size(), ""), "-");
            }
        }
        return text.toString();
    }

    private static List<String> header(List<String> marks) {
        List<String> header = new ArrayList<>(List.of("MiB of RSS", "before", "peak", "at exception"));
        for (String mark : marks) {
            header.add(mark.replaceAll("rssAfter([0-9]+)sBytes", "$1 s after"));
        }
        header.addAll(List.of("given back", "threads left", "files left", "next load", "recall@10"));
        return header;
    }

    private static List<String> row(Outcome outcome, List<String> marks) {
        List<String> row = new ArrayList<>();
        row.add(outcome.variant().label());
        row.add(mib(outcome.number("rssBeforeBytes")));
        row.add(mib(outcome.number("rssPeakBytes")));
        row.add(mib(outcome.number("rssAtExceptionBytes")));
        marks.forEach(mark -> row.add(mib(outcome.number(mark))));
        row.add(marks.isEmpty() ? "?" : givenBack(outcome, marks.get(marks.size() - 1)));
        row.add(outcome.results().getOrDefault("threadsLeft", "?"));
        row.add(files(outcome));
        row.add(outcome.results().getOrDefault("nextLoad", "failed"));
        String recall = outcome.results().get("recall");
        row.add(recall == null ? "-" : String.format(Locale.ROOT, "%.3f", Double.parseDouble(recall)));
        return row;
    }

    private static String givenBack(Outcome outcome, String lastMark) {
        Long before = outcome.number("rssBeforeBytes");
        Long peak = outcome.number("rssPeakBytes");
        Long after = outcome.number(lastMark);
        if (before == null || peak == null || after == null || peak <= before) {
            return "?";
        }
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * (peak - after) / (peak - before));
    }

    private static String files(Outcome outcome) {
        Long files = outcome.number("filesLeft");
        Long bytes = outcome.number("fileBytesLeft");
        return files == null || bytes == null ? "?" : files == 0 ? "0" : files + " (" + mib(bytes) + " MiB)";
    }

    private static String mib(Long bytes) {
        return bytes == null ? "?" : String.format(Locale.ROOT, "%.0f", bytes / (double) (1 << 20));
    }

    private void line(StringBuilder text, List<String> cells, String fill) {
        for (int column = 0; column < cells.size(); column++) {
            int of = column;
            int width = rows.stream().mapToInt(row -> row.get(of).length()).max().orElse(0);
            String padding = fill.repeat(width - cells.get(column).length());
            text.append("|").append(fill);
            text.append(column == 0 ? cells.get(column) + padding : padding + cells.get(column));
            text.append(column > 0 && fill.equals("-") ? ":" : fill);
        }
        text.append("|\n");
    }
}
