package dev.ebb.record;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class MallocMeterTest {
    /** From the table of size classes in jemalloc's manual. */
    @ParameterizedTest
    @CsvSource({"0, 8", "1, 8", "8, 8", "9, 16", "17, 32", "100, 112", "128, 128", "129, 160", "160, 160", "161, 192", "4096, 4096", "4097, 5120", "14336, 14336", "14337, 16384",
        "16385, 20480", "65537, 81920", "100000, 114688", "1048576, 1048576", "1048577, 1310720", "30000001, 33554432"})
    void roundsAsJemallocDoes(long bytes, long expected) {
        assertEquals(expected, MallocMeter.sizeClassBytes(bytes));
    }
}
