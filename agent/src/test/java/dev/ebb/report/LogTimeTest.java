package dev.ebb.report;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LogTimeTest {
    @Test
    void isWrittenAsTheJdkWouldWriteIt() {
        DateTimeFormatter format = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
        Random random = new Random(7);
        assertEquals("1969-12-31T23:59:59.999Z", LogTime.text(-1));
        for (int i = 0; i < 10_000; i++) {
            long millis = random.nextLong(Instant.parse("0000-01-01T00:00:00Z").toEpochMilli(), Instant.parse("9999-12-31T23:59:59Z").toEpochMilli());
            assertEquals(format.format(Instant.ofEpochMilli(millis)), LogTime.text(millis));
        }
    }
}
