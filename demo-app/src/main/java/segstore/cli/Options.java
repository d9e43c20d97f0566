package segstore.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import segstore.UsageException;

/** Options of the form {@code --name=value}, checked against the names that the command knows. */
public final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @param defaults every known name, with its value if none is given
     * @throws UsageException if an argument is no option, or none of the known ones
     */
    public static Options parse(List<String> arguments, Map<String, String> defaults) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = argument.startsWith("--") && equals > 0 ? argument.substring(2, equals) : "";
            if (!defaults.containsKey(name)) {
                throw new UsageException("'" + argument + "' is not known; use --name=value with one of "
                        + defaults.keySet().stream().map(known -> "--" + known).collect(Collectors.joining(", ")));
            }
            values.put(name, argument.substring(equals + 1));
        }
        return new Options(values);
    }

    public String text(String name) {
        return values.get(name);
    }

    public Path path(String name) {
        try {
            return Path.of(values.get(name));
        } catch (InvalidPathException e) {
            throw bad(name, "give a path");
        }
    }

    /** A whole number from {@code least} to {@code most}. */
    public long number(String name, long least, long most) {
        String remedy = "give a whole number from " + least + " to " + most;
        try {
            long number = Long.parseLong(values.get(name));
            if (number < least || number > most) {
                throw bad(name, remedy);
            }
            return number;
        } catch (NumberFormatException e) {
            throw bad(name, remedy);
        }
    }

    /** A number of bytes, written with {@code k}, {@code m} or {@code g} for powers of 1024, or as plain bytes. */
    public long size(String name, long least, long most) {
        String text = values.get(name).toLowerCase(Locale.ROOT);
        int unit = "kmg".indexOf(text.isEmpty() ? ' ' : text.charAt(text.length() - 1));
        String remedy = "give bytes from " + format(least) + " to " + format(most) + ", such as 64m or 2g";
        try {
            String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
            long bytes = Math.multiplyExact(Long.parseLong(digits), 1L << 10 * (unit + 1));
            if (bytes < least || bytes > most) {
                throw bad(name, remedy);
            }
            return bytes;
        } catch (ArithmeticException | NumberFormatException e) {
            throw bad(name, remedy);
        }
    }

    /** The exception for a value that will not do. */
    public UsageException bad(String name, String remedy) {
        return new UsageException("--" + name + "=" + values.get(name) + " cannot be used; " + remedy);
    }

    private static String format(long bytes) {
        return bytes % (1 << 30) == 0 ? (bytes >> 30) + "g" : bytes % (1 << 20) == 0 ? (bytes >> 20) + "m" : bytes + "";
    }
}
