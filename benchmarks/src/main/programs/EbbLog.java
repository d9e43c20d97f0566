import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Ebb has said of this program, for one that runs with {@code -Debb.log.format=json -Debb.log.file=FILE}, so that no figure is printed of an Ebb that saw nothing. Without that option
 * the program runs without Ebb, and nothing is awaited.
 */
final class EbbLog {
    private static final String FILE = System.getProperty("ebb.log.file");
    private static final long LIMIT_MILLIS = 120_000;
    private static final long LAST_BYTES = 256 << 10;

    private EbbLog() { }

    static boolean isExpected() {
        return FILE != null;
    }

    /** @return the lines about that event, at least so many; throws if they do not come */
    static List<String> await(String event, int count) throws IOException, InterruptedException {
        long end = System.currentTimeMillis() + LIMIT_MILLIS;
        List<String> found = lines(event);
        while (found.size() < count) {
            if (System.currentTimeMillis() > end) {
                throw new IllegalStateException("Ebb said " + event + " " + found.size() + " times and not " + count);
            }
            Thread.sleep(20);
            found = lines(event);
        }
        return found;
    }

    /** Those that are there by now. */
    static List<String> lines(String event) throws IOException {
        List<String> found = new ArrayList<>();
        if (Files.exists(Path.of(FILE))) {
            for (String line : Files.readAllLines(Path.of(FILE))) {
                if (line.contains("\"event\":\"" + event + "\"") && line.endsWith("}")) {
                    found.add(line);
                }
            }
        }
        return found;
    }

    /** The last one, if it is among the last lines of a log that may be long; or an empty text. */
    static String last(String event) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(FILE, "r")) {
            byte[] end = new byte[(int) Math.min(LAST_BYTES, file.length())];
            file.seek(file.length() - end.length);
            file.readFully(end);
            String text = new String(end, StandardCharsets.UTF_8);
            int at = text.lastIndexOf("\"event\":\"" + event + "\"");
            int newline = text.indexOf('\n', at);
            return at < 0 || newline < 0 ? "" : text.substring(at, newline);
        }
    }

    /** A whole number of a line, 0 if it has none of that name. */
    static long number(String line, String field) {
        Matcher matcher = Pattern.compile("\"" + field + "\":(-?\\d+)").matcher(line);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    static String text(String line, String field) {
        Matcher matcher = Pattern.compile("\"" + field + "\":\"([^\"]*)\"").matcher(line);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Fails loudly: a benchmark whose Ebb saw something else is a defect. */
    static void check(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException("Ebb has not recorded what it should: " + what);
        }
    }
}
