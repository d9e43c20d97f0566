package dev.ebb.record;

import dev.ebb.load.Presence;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PresencesTest {
    private final Presences presences = new Presences();

    @Test
    void aThreadIsFoundByItself() {
        assertNull(presences.of(Thread.currentThread()));
        Presence mine = new Presence(false);
        Thread other = new Thread(() -> { });
        presences.add(Thread.currentThread(), mine);
        assertSame(mine, presences.of(Thread.currentThread()));
        assertNull(presences.of(other));
        Presence its = new Presence(false);
        presences.add(other, its);
        assertSame(its, presences.of(other));
        assertSame(mine, presences.of(Thread.currentThread()));
    }

    @Test
    void noThreadIsKept() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            presences.add(new Thread(() -> { }), new Presence(false));
        }
        long giveUp = System.nanoTime() + 30_000_000_000L;
        do {
            System.gc();
            Thread.sleep(10);
            presences.reap();
        } while (presences.size() > 50 && System.nanoTime() - giveUp < 0);
        assertTrue(presences.size() <= 50, presences.size() + " threads");
    }
}
