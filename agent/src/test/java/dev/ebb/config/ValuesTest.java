package dev.ebb.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "0s, 0", "500ms, 500000000", "5s, 5000000000", " 5S , 5000000000", "2m, 120000000000", "1h, 3600000000000", "9223372036s, 9223372036000000000", "9223372037s, -1",
        "999999999999999999h, -1", "99999999999999999999s, -1", "5, -1", "5sec, -1", "-5s, -1", "5 s, -1", "1.5s, -1", "s, -1", "'', -1", "ms, -1", "٥s, -1"})
    void durations(String text, long nanos) {
        assertEquals(nanos, Values.durationNanos(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "512, 512", "1k, 1024", "64m, 67108864", "2G, 2147483648", "1t, 1099511627776", "8388607t, 9223370937343148032", "8388608t, -1", "64mb, -1", "-1, -1", "m, -1", "'', -1"})
    void sizes(String text, long bytes) {
        assertEquals(bytes, Values.sizeBytes(text));
    }

    @Test
    void parts() {
        assertEquals(List.of("a", "b", "c"), Values.split(" a ;b,;c;", ";,", false));
        assertEquals(List.of("", "a", ""), Values.split(",a,", ",", true));
    }
}
