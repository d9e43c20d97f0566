package dev.ebb.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The agent's argument string: {@code name=value,name=value}, names with or without {@code ebb.}. Values may hold commas themselves: a comma separates only outside of parentheses
 * and before a {@code name=}, so {@code loads=a.B#m(int,..);a.C#n,mode=observe} and {@code files=/a,/b,mode=observe} are two arguments each. Of equal names the last one counts.
 * Immutable once parsed.
 */
final class Arguments {
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private final List<String> strays = new ArrayList<>();

    private Arguments() { }

    /** @param text null for none */
    static Arguments parse(String text) {
        Arguments arguments = new Arguments();
        if (text != null) {
            // a forgotten parenthesis must not swallow the options after it
            boolean honourParentheses = balanced(text);
            int start = 0;
            int depth = 0;
            for (int i = 0; i <= text.length(); i++) {
                char c = i < text.length() ? text.charAt(i) : ',';
                if (c == '(' || c == ')') {
                    depth += c == '(' ? 1 : -1;
                } else if (i == text.length() || c == ',' && (depth == 0 || !honourParentheses)) {
                    arguments.add(text.substring(start, i));
                    start = i + 1;
                }
            }
        }
        return arguments;
    }

    /** The value of {@code name} (without {@code ebb.}), or null. */
    String value(String name) {
        int i = names.lastIndexOf(name);
        return i < 0 ? null : values.get(i).trim();
    }

    /** Names as written but for {@code ebb.}, in order, known ones and others. */
    List<String> names() {
        return names;
    }

    /** Leading pieces that are no {@code name=value} and belong to no value. */
    List<String> strays() {
        return strays;
    }

    private static boolean balanced(String text) {
        int depth = 0;
        for (int i = 0; i < text.length() && depth >= 0; i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return depth == 0;
    }

    private void add(String piece) {
        int equals = nameEnd(piece);
        if (equals > 0) {
            String name = piece.substring(0, equals).trim();
            names.add(name.startsWith("ebb.") ? name.substring(4) : name);
            values.add(piece.substring(equals + 1));
        } else if (!names.isEmpty()) {
            int last = values.size() - 1;
            values.set(last, values.get(last).concat(",").concat(piece));
        } else if (!piece.trim().isEmpty()) {
            strays.add(piece.trim());
        }
    }

    /** Index of the {@code =} after an option's name, or -1: {@code a.B#m=30s} and {@code x => close()} are parts of a value. */
    private static int nameEnd(String piece) {
        int equals = piece.indexOf('=');
        if (equals < 0 || piece.startsWith("=>", equals)) {
            return -1;
        }
        String name = piece.substring(0, equals).trim();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '.' && c != '-' && c != '_') {
                return -1;
            }
        }
        return name.isEmpty() ? -1 : equals;
    }
}
