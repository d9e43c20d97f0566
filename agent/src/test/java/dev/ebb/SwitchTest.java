package dev.ebb;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SwitchTest {
    private final Switch mode = new Switch("rollback");

    @Test
    void whatFaultsHaveWithdrawnTheUserMayGrantAgain() {
        mode.withdraw();
        assertEquals("observe", mode.mode());
        assertTrue(mode.withdrawn());
        int grants = mode.grants();
        mode.set("rollback");
        assertTrue(mode.granted());
        assertFalse(mode.withdrawn());
        assertEquals(grants + 1, mode.grants());
    }

    @Test
    void afterAMissedBoundaryNobodyMay() {
        mode.withdrawForGood();
        assertTrue(mode.withdrawn());
        for (String other : new String[] {"observe", "off"}) {
            mode.set(other);
            assertEquals("Ebb may have missed a thread inside a load and rolls nothing back in this process any more; restart the program to roll back again",
                assertThrows(IllegalArgumentException.class, () -> mode.set("rollback")).getMessage());
            assertEquals(other, mode.mode());
            assertFalse(mode.granted());
        }
    }

    @Test
    void alsoIfItOnlyWatchedAtThatTime() {
        mode.set("observe");
        mode.withdrawForGood();
        assertFalse(mode.withdrawn());
        assertThrows(IllegalArgumentException.class, () -> mode.set("rollback"));
    }
}
