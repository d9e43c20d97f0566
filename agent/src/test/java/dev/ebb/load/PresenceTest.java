package dev.ebb.load;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PresenceTest {
    private static final int TIMES = 20_000;

    private final Presence presence = new Presence(true);
    private final Load load = load(1);
    private final Load other = load(2);

    private static Load load(long id) {
        return new Load(id, new Site(0, "a.B#load", null, false, null, 0, false), "-", null, 0);
    }

    @Test
    void isHeldForTheLoadThatTheThreadWorksForAndForNoOther() {
        assertFalse(presence.hold(load));
        presence.moveTo(other);
        assertFalse(presence.hold(load));
        assertTrue(presence.hold(other));
        assertFalse(presence.hold(other));
        presence.letGo(other);
        assertTrue(presence.hold(other));
    }

    @Test
    void theInterruptIsGoneWhenTheThreadLeavesAndTheProgramsStays() {
        presence.moveTo(load);
        disturb();
        assertTrue(Thread.currentThread().isInterrupted());
        presence.moveTo(null);
        assertFalse(Thread.currentThread().isInterrupted());

        presence.moveTo(other);
        presence.programInterrupts(false);
        presence.moveTo(null);
        presence.moveTo(load);
        presence.programInterrupts(false);
        disturb();
        presence.moveTo(null);
        assertTrue(Thread.interrupted());
    }

    private void disturb() {
        assertTrue(presence.hold(load));
        presence.interrupt(Thread.currentThread());
        presence.letGo(load);
    }

    /** A thread that goes from one load to another, and from there to nobody's work, beside one that interrupts it for the first of them, again and again. */
    @Test
    void whoHasGoneOnIsNotInterrupted() throws InterruptedException {
        AtomicInteger strays = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            for (boolean goesOn = false; !over.get(); goesOn = !goesOn) {
                presence.moveTo(load);
                presence.moveTo(goesOn ? other : null);
                strays.addAndGet(Thread.interrupted() ? 1 : 0);
                presence.moveTo(null);
                strays.addAndGet(Thread.interrupted() ? 1 : 0);
            }
        });
        thread.start();
        for (int interrupted = 0; interrupted < TIMES;) {
            if (presence.hold(load)) {
                presence.interrupt(thread);
                presence.letGo(load);
                interrupted++;
            }
        }
        over.set(true);
        thread.join();
        assertEquals(0, strays.get(), () -> "interrupts that came too late or stayed");
    }
}
