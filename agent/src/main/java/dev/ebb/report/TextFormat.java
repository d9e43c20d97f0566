package dev.ebb.report;

import dev.ebb.load.Event;
import java.util.List;

/** {@code [ebb] 2026-11-23T20:30:00.123Z INFO load.completed load=3 label=seg-42 durationMs=812 direct=384.2MiB}, for people and for grep. */
final class TextFormat implements LogFormat {
    @Override
    public String line(long timeMillis, String level, String name, List<Event.Field> fields) {
        StringBuilder line = new StringBuilder(200);
        line.append("[ebb] ").append(LogTime.text(timeMillis)).append(' ').append(level).append(' ').append(word(name));
        for (Event.Field field : fields) {
            if (LogFormat.present(field.value())) {
                line.append(' ').append(key(field)).append('=').append(value(field));
            }
        }
        return line.toString();
    }

    static String key(Event.Field field) {
        String name = field.name();
        boolean bytes = field.unit() == Event.Unit.BYTES && name.endsWith("Bytes");
        return bytes ? name.substring(0, name.length() - "Bytes".length()) : name;
    }

    /** As one word, or a list, in the line. */
    static String value(Event.Field field) {
        Object value = field.value();
        if (field.unit() == Event.Unit.BYTES && value instanceof Number) {
            return mebibytes(((Number) value).longValue()).replace(" ", "");
        }
        if (field.unit() == Event.Unit.RATIO && value instanceof Number) {
            return ratio(((Number) value).doubleValue());
        }
        return value instanceof List ? list((List<?>) value) : word(String.valueOf(value));
    }

    /** {@code 0.955} */
    static String ratio(double value) {
        return fixed(value, 3);
    }

    /** {@code 384.2 MiB} */
    static String mebibytes(long bytes) {
        return fixed((double) bytes / (1 << 20), 1) + " MiB";
    }

    /** Not String.format, which would also write -0.0. */
    private static String fixed(double value, int decimals) {
        int scale = decimals == 1 ? 10 : 1000;
        long scaled = Math.round(value * scale);
        String fraction = String.valueOf(scale + Math.abs(scaled) % scale).substring(1);
        return (scaled < 0 ? "-" : "") + Math.abs(scaled) / scale + "." + fraction;
    }

    private static String list(List<?> elements) {
        StringBuilder text = new StringBuilder("[");
        for (Object element : elements) {
            text.append(text.length() == 1 ? "" : "; ").append(quoted(String.valueOf(element), "=\";[]"));
        }
        return text.append(']').toString();
    }

    /** One word as it is; anything that could be taken for the end of the value, for two values or for a list in quotes. */
    private static String word(String text) {
        return text.isEmpty() || text.charAt(0) == '[' ? quote(text) : quoted(text, " =\"");
    }

    private static String quoted(String text, String special) {
        for (int i = 0; i < text.length(); i++) {
            if (special.indexOf(text.charAt(i)) >= 0 || unsafe(text.charAt(i))) {
                return quote(text);
            }
        }
        return text;
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 8).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c == '\n' || c == '\r' || c == '\t') {
                quoted.append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
            } else if (unsafe(c)) {
                quoted.append("\\u").append(Integer.toHexString(0x10000 + c).substring(1));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** What ends a line, moves the cursor or turns the direction of writing: a label comes from the program's data. */
    private static boolean unsafe(char c) {
        int type = Character.getType(c);
        return type == Character.CONTROL || type == Character.FORMAT || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR
            || type == Character.SPACE_SEPARATOR && c != ' ';
    }
}
