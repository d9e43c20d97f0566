package dev.ebb.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reading durations, sizes and lists; plain code, because a regular expression costs milliseconds before main. */
final class Values {
    private static final long MILLI = 1_000_000;

    private Values() { }

    /** @return nanoseconds of {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h} or {@code 0}; -1 if the text is none of these, or more than 292 years */
    static long durationNanos(String text) {
        String lower = text.trim().toLowerCase(Locale.ROOT);
        if (lower.equals("0")) {
            return 0;
        }
        int digits = leadingDigits(lower);
        String unit = lower.substring(digits);
        long factor = unit.equals("ms") ? MILLI : unit.equals("s") ? 1000 * MILLI : unit.equals("m") ? 60_000 * MILLI : unit.equals("h") ? 3_600_000 * MILLI : 0;
        return product(lower.substring(0, digits), factor);
    }

    /** @return bytes of {@code 512}, {@code 64k}, {@code 64m}, {@code 2g} or {@code 1t}, binary multiples; -1 if the text is none of these, or 2^63 bytes or more */
    static long sizeBytes(String text) {
        String lower = text.trim().toLowerCase(Locale.ROOT);
        int digits = leadingDigits(lower);
        String unit = lower.substring(digits);
        int power = unit.length() == 1 ? "kmgt".indexOf(unit.charAt(0)) + 1 : 0;
        return product(lower.substring(0, digits), unit.isEmpty() ? 1 : power == 0 ? 0 : 1L << 10 * power);
    }

    /** Trimmed parts of {@code text} between any of {@code separators}, empty ones only if {@code keepEmpty}. */
    static List<String> split(String text, String separators, boolean keepEmpty) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || separators.indexOf(text.charAt(i)) >= 0) {
                String part = text.substring(start, i).trim();
                if (keepEmpty || !part.isEmpty()) {
                    parts.add(part);
                }
                start = i + 1;
            }
        }
        return parts;
    }

    /** Whether {@code text} is a decimal number of 1 to {@code maxDigits} digits. */
    static boolean isNumber(String text, int maxDigits) {
        return !text.isEmpty() && text.length() <= maxDigits && leadingDigits(text) == text.length();
    }

    private static int leadingDigits(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    private static long product(String digits, long factor) {
        if (factor == 0 || !isNumber(digits, 18)) {
            return -1;
        }
        long number = Long.parseLong(digits);
        return number > Long.MAX_VALUE / factor ? -1 : number * factor;
    }
}
