package dev.ebb.load;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LedgerTest {
    private final Load load = ResourceTableTest.load(1);
    private final Ledger ledger = load.ledger();

    private Block block(long address, long bytes) {
        return new Block(load, ResourceKind.UNSAFE, address, bytes);
    }

    @Test
    void whatIsReleasedLeavesTheListAndTheTotalsButNotTheCountOfTaken() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            blocks.add(block(i, 1 << i));
            assertTrue(ledger.add(blocks.get(i)));
        }
        for (int i : new int[] {2, 0, 4}) {
            assertTrue(ledger.release(blocks.get(i)));
            assertFalse(ledger.release(blocks.get(i)));
        }
        assertEquals(List.of(blocks.get(3), blocks.get(1)), ledger.live());
        assertEquals(8 + 2, ledger.liveBytes(ResourceKind.UNSAFE));
        assertEquals(2, ledger.liveCount(ResourceKind.UNSAFE));
        assertEquals(5, ledger.takenCount(ResourceKind.UNSAFE));
        assertEquals(0, ledger.liveCount(ResourceKind.DIRECT));
        ledger.release(blocks.get(1));
        ledger.release(blocks.get(3));
        assertEquals(List.of(), ledger.live());
    }

    @Test
    void anArenaGrowsUntilItIsReleased() {
        ArenaResource arena = new ArenaResource(load, new Object(), "Shared");
        ledger.add(arena);
        ledger.grow(arena, 1_000);
        ledger.grow(arena, 24);
        assertEquals(1_024, ledger.liveBytes(ResourceKind.ARENA));
        ledger.release(arena);
        ledger.grow(arena, 77);
        assertEquals(0, ledger.liveBytes(ResourceKind.ARENA));
    }

    @Test
    void beyondTheLimitBytesAndCountsGoOnAndAreSaidToBeUnknown() {
        // room for 20 records in all, 10 of one load
        Ledger small = new Ledger(load, new Limits(20 * 512));
        List<Block> recorded = new ArrayList<>();
        Block beyond = null;
        for (int i = 0; i < 25; i++) {
            Block block = block(i, 100);
            if (small.add(block)) {
                recorded.add(block);
            } else {
                beyond = block;
            }
        }
        assertEquals(10, recorded.size());
        assertEquals(2_500, small.liveBytes(ResourceKind.UNSAFE));
        assertEquals(15, small.unrecordedCount());
        assertEquals(1_500, small.unrecordedBytes());
        assertEquals(1_000, small.recordedBytes(ResourceKind.UNSAFE));
        assertEquals(10, small.recordedCount(ResourceKind.UNSAFE));
        assertFalse(small.release(beyond));
        assertEquals(10, small.live().size());
        recorded.forEach(small::release);
        assertEquals(1_500, small.liveBytes(ResourceKind.UNSAFE));
        assertTrue(small.add(block(99, 1)));
        small.forgetRecord(small.live().get(0));
        assertEquals(16, small.unrecordedCount());
        assertEquals(1_501, small.liveBytes(ResourceKind.UNSAFE));
        assertEquals(List.of(), small.live());
    }

    @Test
    void stacksAreKeptOfTheFirstFewAndOfLargeOnesWithinALimit() {
        Limits limits = new Limits(1 << 30);
        Ledger sampled = new Ledger(load, limits);
        int asked = 0;
        Block last = null;
        for (int i = 0; i < 10_000; i++) {
            last = block(i, i < 5_000 ? 1 : 2 << 20);
            sampled.add(last);
            asked += sampled.wantsStack(last) ? 1 : 0;
        }
        assertEquals(512, asked);
        assertFalse(sampled.wantsStack(last));
        Resource oldest = sampled.live().get(9_999);
        oldest.takenAt(new Throwable("taken"));
        assertNotNull(oldest.stack());
        sampled.release(oldest);
        assertNull(oldest.stack());
        Block next = block(0, 2 << 20);
        sampled.add(next);
        assertTrue(sampled.wantsStack(next));
    }

    @Test
    void allLoadsShareTheLimitOfStacks() {
        // 1,024 stacks at least
        Limits limits = new Limits(1 << 20);
        int asked = 0;
        for (int i = 0; i < 100; i++) {
            Ledger one = new Ledger(load, limits);
            for (int j = 0; j < 16; j++) {
                Block block = block(j, 1);
                one.add(block);
                asked += one.wantsStack(block) ? 1 : 0;
            }
        }
        assertEquals(1_024, asked);
    }
}
