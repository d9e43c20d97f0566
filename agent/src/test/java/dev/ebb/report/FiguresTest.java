package dev.ebb.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ebb.load.Event;
import dev.ebb.load.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private final Figures figures = new Figures();

    @Test
    void withoutRecordsThereAreCountsOnly() {
        Event summary = figures.summary();
        assertEquals("ebb.summary", summary.name());
        assertEquals(Event.Level.INFO, summary.level());
        assertEquals(List.of("loads", "completed", "failed", "timedOut", "abandoned", "rollbacks", "purges"), List.copyOf(values().keySet()));
        assertEquals(0L, values().get("loads"));
    }

    @Test
    void outcomesAreCounted() {
        for (Outcome outcome : List.of(Outcome.COMPLETED, Outcome.COMPLETED, Outcome.COMPLETED, Outcome.FAILED, Outcome.TIMED_OUT, Outcome.TIMED_OUT, Outcome.ABANDONED)) {
            figures.recordLoad(outcome, 1, 1);
        }
        figures.recordRollback(1);
        Map<String, Object> values = values();
        assertEquals(List.of(7L, 3L, 1L, 2L, 1L, 1L, 0L), List.of(values.get("loads"), values.get("completed"), values.get("failed"), values.get("timedOut"), values.get("abandoned"),
            values.get("rollbacks"), values.get("purges")));
        assertEquals(7, figures.loads());
    }

    @Test
    void percentilesAreWithinAThousandth() {
        for (int i = 1; i <= 1000; i++) {
            figures.recordLoad(Outcome.COMPLETED, TimeUnit.MILLISECONDS.toNanos(i), i * 30_002_016L);
        }
        Map<String, Object> values = values();
        near(500, values.get("loadP50Ms"));
        near(900, values.get("loadP90Ms"));
        near(990, values.get("loadP99Ms"));
        assertEquals(1000.0, values.get("loadMaxMs"));
        near(500 * 30_002_016L, values.get("offHeapP50Bytes"));
        near(990 * 30_002_016L, values.get("offHeapP99Bytes"));
        assertEquals(30_002_016_000L, values.get("offHeapMaxBytes"));
        assertFalse(values.containsKey("rollbackP50Ms") || values.containsKey("purgeP50Ms"), values.toString());
    }

    @Test
    void rollbacksAndPurgesHaveTheirOwn() {
        figures.recordRollback(TimeUnit.MICROSECONDS.toNanos(1500));
        figures.recordPurge(TimeUnit.MICROSECONDS.toNanos(250), 0);
        assertEquals(1.5, values().get("rollbackMaxMs"));
        assertEquals(0.25, values().get("purgeP50Ms"));
        assertFalse(values().containsKey("loadP50Ms"));
    }

    @Test
    void valuesOutOfRangeAreTakenForTheNearestInside() {
        figures.recordLoad(Outcome.COMPLETED, TimeUnit.DAYS.toNanos(3), Long.MAX_VALUE);
        assertEquals((double) TimeUnit.DAYS.toMillis(1), values().get("loadMaxMs"));
        assertEquals(1L << 50, values().get("offHeapMaxBytes"));
        figures.recordPurge(-5, -5);
        figures.recordVerdict("unexplained", -5);
        assertEquals(0.0, values().get("purgeMaxMs"));
        assertEquals(List.of(0L, 0L), List.of(figures.read().purgedBytes(), figures.read().unexplainedBytes()));
    }

    /** A counter that came up with its first event would have no rise that an alert could see. */
    @Test
    void everyVerdictIsCountedFromZero() {
        Map<String, Long> before = figures.read().verdicts();
        assertEquals(9, before.size());
        assertEquals(java.util.Set.of(0L), java.util.Set.copyOf(before.values()));
        figures.recordVerdict("returned", 3 << 20);
        figures.recordVerdict("unexplained", 40 << 20);
        figures.recordVerdict("unexplained", 2 << 20);
        figures.recordPurge(1, 5 << 20);
        figures.recordPurge(1, 6 << 20);
        Figures.Reading reading = figures.read();
        assertEquals(List.of(1L, 2L, 0L), List.of(reading.verdicts().get("returned"), reading.verdicts().get("unexplained"), reading.verdicts().get("live")));
        assertEquals(9, reading.verdicts().size());
        // what a verdict calls returned is within what a JVM gains and loses by itself
        assertEquals(42L << 20, reading.unexplainedBytes());
        assertEquals(11L << 20, reading.purgedBytes());
    }

    @Test
    void byteFieldsAreWrittenInTheirUnit() {
        figures.recordLoad(Outcome.COMPLETED, 1, 1 << 20);
        Event.Field field = figures.summary().fields().stream().filter(each -> each.name().equals("offHeapMaxBytes")).findFirst().orElseThrow();
        assertEquals(Event.Unit.BYTES, field.unit());
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        figures.summary().fields().forEach(field -> values.put(field.name(), field.value()));
        return values;
    }

    private static void near(double expected, Object actual) {
        double value = ((Number) actual).doubleValue();
        assertTrue(value >= expected && value <= expected * 1.001, expected + " but " + value);
    }
}
