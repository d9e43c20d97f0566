package segstore.compare;

import java.util.List;
import java.util.Locale;

/**
 * Resident memory over time as one SVG picture, every run's clock starting with its load.
 *
 * <p>Written by hand: one picture of lines and text is less than any library that could draw it, and its style sheet
 * can follow the reader's light or dark mode.
 */
final class Chart {
    private static final double MIB = 1 << 20;
    private static final double SECONDS_BEFORE = 2;
    private static final int LEGEND_STEP = 200;
    private static final String STYLE = """
            <style>
            text { font: 13px system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: #2b313b; }
            .title { font-size: 17px; font-weight: 600; }
            .tick { font-size: 12px; fill: #5d6673; }
            .end { text-anchor: end; }
            .middle { text-anchor: middle; }
            .paper { fill: #ffffff; }
            .grid { stroke: #e4e7eb; stroke-width: 1; }
            .mark { stroke: #5d6673; stroke-width: 1.2; stroke-dasharray: 3 3; }
            .curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
            .dot { stroke: #ffffff; stroke-width: 1.5; }
            .glibc { stroke: #c8323c; } .glibc.fill { fill: #c8323c; }
            .jemalloc { stroke: #d9821a; stroke-dasharray: 8 4; } .jemalloc.fill { fill: #d9821a; }
            .jemalloc-ebb { stroke: #12877a; stroke-dasharray: 8 4; } .jemalloc-ebb.fill { fill: #12877a; }
            .glibc-ebb { stroke: #2f63b8; } .glibc-ebb.fill { fill: #2f63b8; }
            .fill { stroke: #ffffff; stroke-width: 1.2; stroke-dasharray: none; }
            .plain.fill { fill: #5d6673; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e3e7ed; } .tick { fill: #a9b2bf; } .paper { fill: #14181f; }
              .grid { stroke: #2c333d; } .mark { stroke: #a9b2bf; }
              .glibc { stroke: #ff7a80; } .glibc.fill { fill: #ff7a80; }
              .jemalloc { stroke: #ffb454; } .jemalloc.fill { fill: #ffb454; }
              .jemalloc-ebb { stroke: #4fd1c0; } .jemalloc-ebb.fill { fill: #4fd1c0; }
              .glibc-ebb { stroke: #86b1ff; } .glibc-ebb.fill { fill: #86b1ff; }
              .fill { stroke: #14181f; } .plain.fill { fill: #a9b2bf; }
            }
            </style>
            """;

    private final List<Outcome> outcomes;
    private final Axes axes;

    Chart(List<Outcome> outcomes) {
        this.outcomes = outcomes.stream().filter(outcome -> outcome.number("loadStartMs") != null).toList();
        double last = 10;
        double top = 100;
        for (Outcome outcome : this.outcomes) {
            for (Outcome.Sample sample : outcome.memory()) {
                last = Math.max(last, second(outcome, sample.millis()));
                top = Math.max(top, sample.bytes() / MIB);
            }
        }
        this.axes = new Axes(-SECONDS_BEFORE, last + 1, top * 1.08);
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append(String.format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
                + "aria-label=\"Resident memory over time around a load that timed out\">%n", Axes.WIDTH, Axes.HEIGHT));
        svg.append(STYLE);
        svg.append(String.format("<rect class=\"paper\" width=\"%d\" height=\"%d\" rx=\"8\"/>%n",
                Axes.WIDTH, Axes.HEIGHT));
        Axes.text(svg, "title", Axes.LEFT, 30, "A segment load that timed out: where its memory goes");
        legend(svg);
        axes.draw(svg);
        timeout(svg);
        outcomes.forEach(outcome -> curve(svg, outcome));
        outcomes.forEach(outcome -> marks(svg, outcome));
        return svg.append("</svg>\n").toString();
    }

    private void legend(StringBuilder svg) {
        int x = Axes.LEFT;
        for (Outcome outcome : outcomes) {
            Axes.line(svg, "curve " + outcome.variant().slug(), x, 50, x + 34, 50);
            Axes.text(svg, "label", x + 42, 54, outcome.variant().label());
            x += LEGEND_STEP;
        }
        circle(svg, "plain", Axes.LEFT + 17, 74);
        Axes.text(svg, "label", Axes.LEFT + 42, 78, "the loader ended");
        triangle(svg, "plain", Axes.LEFT + LEGEND_STEP + 17, 74);
        Axes.text(svg, "label", Axes.LEFT + LEGEND_STEP + 42, 78, "next load accepted");
        cross(svg, "plain", Axes.LEFT + 2 * LEGEND_STEP + 17, 74);
        Axes.text(svg, "label", Axes.LEFT + 2 * LEGEND_STEP + 42, 78, "next load refused");
    }

    private void timeout(StringBuilder svg) {
        outcomes.stream().filter(outcome -> outcome.number("timeoutMs") != null).findFirst().ifPresent(outcome -> {
            double x = axes.x(second(outcome, outcome.number("timeoutMs")));
            Axes.line(svg, "mark", x, Axes.TOP, x, Axes.BOTTOM);
            Axes.text(svg, "tick", x + 5, Axes.TOP + 12, "timeout");
        });
    }

    private void curve(StringBuilder svg, Outcome outcome) {
        svg.append("<polyline class=\"curve ").append(outcome.variant().slug()).append("\" points=\"");
        for (Outcome.Sample sample : outcome.memory()) {
            double second = second(outcome, sample.millis());
            if (second >= -SECONDS_BEFORE) {
                svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", axes.x(second), axes.y(sample.bytes() / MIB)));
            }
        }
        svg.append("\"/>\n");
    }

    private void marks(StringBuilder svg, Outcome outcome) {
        String slug = outcome.variant().slug();
        Long loaderEnd = outcome.number("loaderEndMs");
        if (loaderEnd != null) {
            circle(svg, slug, axes.x(second(outcome, loaderEnd)), height(outcome, loaderEnd));
        }
        Long nextLoad = outcome.number("nextLoadStartMs");
        if (nextLoad != null && "accepted".equals(outcome.results().get("nextLoad"))) {
            triangle(svg, slug, axes.x(second(outcome, nextLoad)), height(outcome, nextLoad));
        } else if (nextLoad != null) {
            cross(svg, slug, axes.x(second(outcome, nextLoad)), height(outcome, nextLoad));
        }
    }

    private double height(Outcome outcome, long millis) {
        long bytes = outcome.memory().stream().filter(sample -> sample.millis() <= millis)
                .reduce((first, second) -> second).map(Outcome.Sample::bytes).orElse(0L);
        return axes.y(bytes / MIB);
    }

    private static double second(Outcome outcome, long millis) {
        return (millis - outcome.number("loadStartMs")) / 1000.0;
    }

    private static void circle(StringBuilder svg, String slug, double x, double y) {
        svg.append(String.format(Locale.ROOT, "<circle class=\"%s fill\" cx=\"%.1f\" cy=\"%.1f\" r=\"5.5\"/>%n",
                slug, x, y));
    }

    private static void triangle(StringBuilder svg, String slug, double x, double y) {
        shape(svg, slug, x, y, "M0,-7 L6.5,5 L-6.5,5 Z");
    }

    private static void cross(StringBuilder svg, String slug, double x, double y) {
        shape(svg, slug, x, y, "M-7,-4 L-4,-7 L0,-3 L4,-7 L7,-4 L3,0 L7,4 L4,7 L0,3 L-4,7 L-7,4 L-3,0 Z");
    }

    private static void shape(StringBuilder svg, String slug, double x, double y, String path) {
        svg.append(String.format(Locale.ROOT, "<path class=\"%s fill\" transform=\"translate(%.1f %.1f)\" d=\"%s\"/>%n",
                slug, x, y, path));
    }
}
