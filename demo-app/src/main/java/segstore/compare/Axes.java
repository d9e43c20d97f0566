package segstore.compare;

import java.util.Locale;

/**
 * The chart's frame: turns seconds and MiB into positions, and draws grid and labels. Immutable.
 *
 * @param firstSecond left end
 * @param lastSecond right end
 * @param topMib upper end; the lower one is 0
 */
record Axes(double firstSecond, double lastSecond, double topMib) {
    static final int WIDTH = 960;
    static final int HEIGHT = 540;
    static final int LEFT = 78;
    static final int RIGHT = WIDTH - 24;
    static final int TOP = 104;
    static final int BOTTOM = HEIGHT - 62;
    private static final double[] STEPS = {1, 2, 5};

    double x(double second) {
        return LEFT + (second - firstSecond) / (lastSecond - firstSecond) * (RIGHT - LEFT);
    }

    double y(double mib) {
        return BOTTOM - mib / topMib * (BOTTOM - TOP);
    }

    void draw(StringBuilder svg) {
        double mibStep = step(topMib / 8);
        for (double mib = 0; mib <= topMib; mib += mibStep) {
            line(svg, "grid", LEFT, y(mib), RIGHT, y(mib));
            text(svg, "tick end", LEFT - 8, y(mib) + 4, String.format(Locale.ROOT, "%,.0f", mib));
        }
        double secondStep = step((lastSecond - firstSecond) / 10);
        for (double second = Math.ceil(firstSecond / secondStep) * secondStep; second <= lastSecond;
                second += secondStep) {
            line(svg, "grid", x(second), TOP, x(second), BOTTOM);
            text(svg, "tick middle", x(second), BOTTOM + 18, Long.toString(Math.round(second)));
        }
        text(svg, "label middle", (LEFT + RIGHT) / 2.0, BOTTOM + 44, "seconds since the load began");
        svg.append("<text class=\"label middle\" transform=\"translate(20 ").append((TOP + BOTTOM) / 2)
                .append(") rotate(-90)\">resident memory (RSS), MiB</text>\n");
    }

    static void line(StringBuilder svg, String style, double x1, double y1, double x2, double y2) {
        svg.append(String.format(Locale.ROOT, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                style, x1, y1, x2, y2));
    }

    /** Draws text, which must not contain characters that XML keeps for itself. */
    static void text(StringBuilder svg, String style, double x, double y, String text) {
        svg.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n",
                style, x, y, text));
    }

    /** The smallest of 1, 2, 5, 10, 20, ... that is no less than {@code least}. */
    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double step : STEPS) {
            if (step * power >= least) {
                return step * power;
            }
        }
        return 10 * power;
    }
}
