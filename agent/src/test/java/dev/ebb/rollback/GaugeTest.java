package dev.ebb.rollback;

import dev.ebb.load.Memory;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Who accounts for what, when rungs of several loads act at the same time. */
class GaugeTest {
    private long rss = 1000;
    private final Gauge gauge = new Gauge((Memory) Proxy.newProxyInstance(Memory.class.getClassLoader(), new Class<?>[] {Memory.class}, (proxy, method, arguments) -> rss));

    @Test
    void oneAfterTheOther() {
        assertEquals(300, fall(300));
        assertEquals(0, fall(0));
        assertEquals(-50, fall(-50));
        assertEquals(250, gauge.totalBytes());
    }

    @Test
    void theSameBytesAreGivenBackOnce() {
        Gauge.Mark first = gauge.begin();
        rss = 900;
        Gauge.Mark second = gauge.begin();
        rss = 600;
        assertEquals(300, gauge.end(second));
        rss = 580;
        assertEquals(120, gauge.end(first));
        assertEquals(420, gauge.totalBytes());
    }

    @Test
    void aRungAtWorkCountsWithWhatItHasGivenBackSoFar() {
        Gauge.Mark first = gauge.begin();
        rss = 700;
        assertEquals(300, gauge.totalBytes());
        Gauge.Mark second = gauge.begin();
        rss = 500;
        assertEquals(500, gauge.totalBytes());
        assertEquals(500, gauge.end(first));
        assertEquals(0, gauge.end(second));
        assertEquals(500, gauge.totalBytes());
    }

    @Test
    void aPurgeMeasuresItself() {
        Gauge.Mark around = gauge.begin();
        rss = 400;
        gauge.add(600);
        assertEquals(0, gauge.end(around));
        assertEquals(600, gauge.totalBytes());
    }

    private long fall(long bytes) {
        Gauge.Mark mark = gauge.begin();
        rss -= bytes;
        return gauge.end(mark);
    }
}
