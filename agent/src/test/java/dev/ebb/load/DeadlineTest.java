package dev.ebb.load;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeadlineTest {
    private static Load load(long deadlineNanos) {
        return new Load(1, new Site(0, "a.B#load", null, false, null, deadlineNanos, false), "-", null, 0);
    }

    @Test
    void isPassedOnceWhileTheBodyRuns() {
        Load load = load(1);
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < 2) {
            Thread.onSpinWait();
        }
        assertTrue(load.isPastItsDeadline());
        load.passedDeadline();
        assertFalse(load.isPastItsDeadline());
    }

    @Test
    void isNotPassedWhereThereIsTimeOrNoneIsSetOrTheBodyIsOver() {
        assertFalse(load(Long.MAX_VALUE).isPastItsDeadline());
        assertFalse(load(0).isPastItsDeadline());
        Load over = load(1);
        over.leftBy(null);
        assertFalse(over.isPastItsDeadline());
    }
}
