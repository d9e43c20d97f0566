package dev.ebb.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code 2026-11-23T20:30:00.123Z}: UTC, always three digits of milliseconds. */
final class LogTime {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private LogTime() { }

    static String text(long millis) {
        return FORMAT.format(Instant.ofEpochMilli(millis));
    }
}
