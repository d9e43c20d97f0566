package segstore.cli;

import java.io.PrintStream;
import java.util.Locale;

/** Prints what happened: for people, and as {@code RESULT key=value} lines for programs. */
final class Report {
    private final PrintStream out;
    private final MemoryRecorder memory;

    Report(PrintStream out, MemoryRecorder memory) {
        this.out = out;
        this.memory = memory;
    }

    void say(String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        out.printf(Locale.ROOT, "%7.1f s  %s%n", memory.elapsedMillis() / 1000.0, text);
    }

    void result(String key, Object value) {
        out.println("RESULT " + key + "=" + value);
    }

    static double mib(long bytes) {
        return bytes / (double) (1 << 20);
    }
}
