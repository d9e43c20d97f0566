package dev.ebb.rollback;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** When the first collection or purge of a burst may be made, to the nanosecond; and what that makes of a thousand JVMs that all fail at once. */
class JitterTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long START = Long.MAX_VALUE - SECOND; // the clock may overflow

    private double chance = 0.5;

    private Jitter jitter(long nanos) {
        return new Jitter(policy(nanos), () -> chance);
    }

    private static Policy policy(long jitterNanos) {
        return new Policy(new Policy.Settings(false, false, List.of(), 0, -1, EnumSet.allOf(Rung.class), 0, 0, List.of(), 0, jitterNanos, 0));
    }

    @Test
    void withoutAnyNothingWaits() {
        chance = 1;
        Jitter jitter = jitter(0);
        assertTrue(jitter.isOver(START));
        assertTrue(jitter.isOver(START + 100 * SECOND));
    }

    @Test
    void theFirstWaitsForItsPartAndWhatFollowsDoesNot() {
        Jitter jitter = jitter(4 * SECOND);
        assertFalse(jitter.isOver(START));
        chance = 1;
        assertFalse(jitter.isOver(START + 2 * SECOND - 1));
        assertTrue(jitter.isOver(START + 2 * SECOND));
        assertTrue(jitter.isOver(START + 31 * SECOND));
        assertTrue(jitter.isOver(START + 61 * SECOND), "half a minute of quiet has not passed");
    }

    @Test
    void afterAQuietTimeItWaitsAgain() {
        Jitter jitter = jitter(4 * SECOND);
        jitter.isOver(START);
        assertTrue(jitter.isOver(START + 2 * SECOND));
        chance = 0.25;
        long again = START + 32 * SECOND + 1;
        assertFalse(jitter.isOver(again));
        assertTrue(jitter.isOver(again + SECOND));
    }

    /**
     * A thousand JVMs whose loads have the same limit of time: all time out within 100 ms, and each collects for 100 ms. How many do so at one moment, without jitter and with
     * several; the rows stand in docs/fleet.md.
     */
    @Test
    void aThousandThatFailAtOnce() throws IOException {
        String page = Files.readString(Path.of("../docs/fleet.md"));
        int last = Integer.MAX_VALUE;
        for (long seconds : List.of(0L, 1L, 5L, 10L, 30L)) {
            Burst burst = burst(1000, seconds * SECOND, new Random(seconds)::nextDouble);
            String row = String.format(Locale.ROOT, "| %s | %d | %d | %.1f s |", seconds == 0 ? "0 (default)" : seconds + "s", burst.together, burst.inTheWorstSecond, burst.lastNanos / 1e9);
            assertTrue(page.contains(row), "docs/fleet.md should have " + row);
            assertTrue(burst.together < last, "more jitter, and not fewer at once: " + row);
            last = burst.together;
        }
        assertEquals(1000, burst(1000, 0, new Random(1)::nextDouble).inTheWorstSecond);
    }

    /** @param together the most that collect at one moment @param lastNanos when the last one begins */
    private record Burst(int together, int inTheWorstSecond, long lastNanos) { }

    private static Burst burst(int jvms, long jitterNanos, DoubleSupplier random) {
        long step = TimeUnit.MILLISECONDS.toNanos(10); // as often as a worker looks
        long pause = TimeUnit.MILLISECONDS.toNanos(100);
        Policy policy = policy(jitterNanos);
        List<Long> begins = new ArrayList<>();
        for (int i = 0; i < jvms; i++) {
            long now = (long) (random.getAsDouble() * pause);
            Jitter jitter = new Jitter(policy, random);
            while (!jitter.isOver(now)) {
                now += step;
            }
            begins.add(now);
        }
        return new Burst(most(begins, pause), most(begins, SECOND), begins.stream().max(Long::compare).orElseThrow());
    }

    /** The most that begin within a span of this length. */
    private static int most(List<Long> begins, long span) {
        int most = 0;
        for (long from : begins) {
            most = Math.max(most, (int) begins.stream().filter(begin -> begin >= from && begin - from < span).count());
        }
        return most;
    }
}
