package dev.ebb.report;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** {@code 2026-11-23T20:30:00.123Z}: UTC, always three digits of milliseconds. Written by hand: the JDK's formatters take milliseconds of a start. */
final class LogTime {
    private LogTime() { }

    /** @param millis since 1970, of the years 0 to 9999 */
    static String text(long millis) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000L), 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(24);
        digits(text, 4, time.getYear());
        digits(text.append('-'), 2, time.getMonthValue());
        digits(text.append('-'), 2, time.getDayOfMonth());
        digits(text.append('T'), 2, time.getHour());
        digits(text.append(':'), 2, time.getMinute());
        digits(text.append(':'), 2, time.getSecond());
        digits(text.append('.'), 3, (int) Math.floorMod(millis, 1000L));
        return text.append('Z').toString();
    }

    private static void digits(StringBuilder text, int count, int number) {
        String digits = Integer.toString(number);
        for (int i = digits.length(); i < count; i++) {
            text.append('0');
        }
        text.append(digits);
    }
}
