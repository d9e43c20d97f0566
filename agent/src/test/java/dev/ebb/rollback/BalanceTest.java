package dev.ebb.rollback;

import dev.ebb.load.Memory;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The sum by which RSS rose and fell, from figures in MiB. */
class BalanceTest {
    private static final long MIB = 1 << 20;

    private long before = 100;
    private long peak = 500;
    private long after = 105;
    private long byItself = 20;
    private long bySteps = 370;
    private long byOthers;
    private long own;
    private long heap;
    private long otherLoads;
    private boolean othersRan;
    private long cached;

    @Test
    void whatTheRungsGaveBackAddsUpToTheFall() {
        Balance balance = balance();
        assertEquals(400 * MIB, balance.riseBytes());
        assertEquals(395 * MIB, balance.fellBytes());
        assertEquals(10 * MIB, balance.unexplainedBytes());
        assertTrue(balance.isBack());
        assertSum(balance);
    }

    @Test
    void theToleranceIsSixteenMebibytesAndATwentiethOfTheRise() {
        assertEquals(36 * MIB, balance().toleranceBytes());
        after = 136;
        assertTrue(balance().isBack());
        after = 137;
        assertFalse(balance().isBack());
    }

    @Test
    void whatNeitherFellNorIsKnownIsUnexplained() {
        after = 400;
        bySteps = 80;
        Balance balance = balance();
        assertFalse(balance.isBack());
        assertEquals(300 * MIB, balance.staysBytes());
        assertEquals(300 * MIB, balance.unexplainedBytes());
        assertSum(balance);
    }

    @Test
    void theHeapAndOtherLoadsAreNotThisLoads() {
        after = 400;
        bySteps = 80;
        heap = 120;
        otherLoads = 170;
        Balance balance = balance();
        assertTrue(balance.isBack());
        assertEquals(10 * MIB, balance.unexplainedBytes());
        assertSum(balance);
    }

    /** Whatever the verdict is: what the ledger has is no riddle. */
    @Test
    void whatTheProgramHoldsIsAccountedFor() {
        after = 400;
        bySteps = 80;
        own = 290;
        assertEquals(10 * MIB, balance().unexplainedBytes());
        assertSum(balance());
    }

    /** A heap that was committed and never touched is no reason for anything. */
    @Test
    void noMoreIsAccountedForThanIsThere() {
        heap = 1000;
        cached = 1000;
        own = 1000;
        assertEquals(5 * MIB, balance().accountedBytes());
        after = 90;
        assertEquals(0, balance().accountedBytes());
        assertSum(balance());
    }

    /** Native memory of another load is in no ledger: but this load's was seen to come back. */
    @Test
    void anotherLoadThatGrowsMeanwhileIsNotThisOnesFault() {
        after = 400;
        assertFalse(balance().isBack());
        othersRan = true;
        assertTrue(balance().isBack());
        assertTrue(Math.abs(balance().unexplainedBytes()) <= balance().toleranceBytes());
        bySteps = 80;
        assertFalse(balance().isBack());
        bySteps = 200;
        byOthers = 170;
        assertTrue(balance().isBack());
        assertSum(balance());
    }

    @Test
    void withoutAFigureFromBeforeNothingIsKnown() {
        before = 0;
        assertFalse(balance().isKnown());
        before = 100;
        after = 0;
        assertFalse(balance().isKnown());
        after = 1;
        assertTrue(balance().isKnown());
    }

    private void assertSum(Balance balance) {
        assertEquals(balance.riseBytes(), (byItself + bySteps + byOthers) * MIB + balance.accountedBytes() + balance.unexplainedBytes());
    }

    private Balance balance() {
        return new Balance(new Balance.Rss(before * MIB, peak * MIB, (peak - before) * MIB, new Memory.Resident(after * MIB, after * MIB, 0, 0)),
            new Balance.Given(byItself * MIB, bySteps * MIB, byOthers * MIB), new Balance.Known(own * MIB, heap * MIB, otherLoads * MIB, othersRan, cached * MIB, -1, -1, -1));
    }
}
