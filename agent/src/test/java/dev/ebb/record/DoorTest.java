package dev.ebb.record;

import dev.ebb.load.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DoorTest {
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final Door door = new Door(null, (where, cause, remedy) -> troubles.add(where));

    /** A load, and what the recorder has to know before one begins, each in its thread, until it is known that nobody will record them. */
    @Test
    void loadsAndFuturesWaitUntilItIsOpen() throws InterruptedException {
        List<Runnable> entries = List.of(() -> door.onEntered(0, null, null), () -> door.onSeen(Kind.TASK_ENTERED, null, null, 0, 0),
            () -> door.onSeen(Kind.CARRIER_ENTERED, null, null, 0, 0), () -> door.onSeen(Kind.GET_TIMED_OUT, null, null, 0, 0));
        List<Thread> threads = new ArrayList<>();
        for (Runnable entry : entries) {
            Thread thread = new Thread(entry);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            awaitWaiting(thread);
        }
        door.open(null);
        for (Thread thread : threads) {
            thread.join();
        }
        // nobody waits once it is open
        door.onEntered(0, null, null);
        assertEquals(List.of(), troubles);
    }

    /** The program's interrupt neither lets the load through nor gets lost. */
    @Test
    void anInterruptIsKept() throws InterruptedException {
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            door.onEntered(0, null, null);
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        awaitWaiting(thread);
        thread.interrupt();
        awaitWaiting(thread);
        assertTrue(thread.isAlive());
        door.open(null);
        thread.join();
        assertTrue(interrupted.get());
    }

    /** Whoever makes the recorder would wait for itself. */
    @Test
    void theMakerNeverWaits() {
        new Door(Thread.currentThread(), (where, cause, remedy) -> troubles.add(where)).onEntered(0, null, null);
        assertEquals(List.of(), troubles);
    }

    /** Two threads wait for one that needs what they hold: together no longer than one of them, and nobody after them. */
    @Test
    void nobodyWaitsForever() throws InterruptedException {
        Door closed = new Door(null, (where, cause, remedy) -> troubles.add(where), TimeUnit.MILLISECONDS.toNanos(1));
        Thread other = new Thread(() -> closed.onSeen(Kind.TASK_ENTERED, null, null, 0, 0));
        other.start();
        closed.onEntered(0, null, null);
        other.join();
        closed.onEntered(0, null, null);
        assertEquals(List.of("start"), troubles);
    }

    @Test
    void allElsePassesUnheard() {
        Object task = new Object();
        door.onTaken(Kind.FILE_OPENED, null, null, 0, 0);
        door.onSeen(Kind.FILE_CLOSED, null, null, 0, 0);
        door.onSeen(Kind.TASK_LEFT, null, null, 0, 0);
        door.onLeft(0, null, null);
        assertSame(task, door.onWrap(1, null, task));
        assertEquals(List.of(), troubles);
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING || thread.isInterrupted()) {
            Thread.onSpinWait();
        }
    }
}
