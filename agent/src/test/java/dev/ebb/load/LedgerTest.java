package dev.ebb.load;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
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
        assertTrue(isPlace(oldest.takenAt()), oldest.takenAt());
        sampled.release(oldest);
        assertNull(oldest.takenAt());
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

    @Test
    void anAccountOutlivesItsLoadForAsLongAsItHoldsSomething() {
        Accounts accounts = new Accounts();
        for (int i = 1; i <= 6; i++) {
            Block block = block(i, 1_000L * i);
            ledger.add(block);
            block.takenAt(new Throwable("taken"));
        }
        CreatedFile file = new CreatedFile(load, "/tmp/x", "key", true);
        ledger.add(file);
        List<Resource> live = ledger.live();
        accounts.open(ledger);

        assertEquals(List.of(ledger), List.copyOf(accounts.held()));
        assertNull(ledger.load());
        assertEquals("1 a.B#load -", ledger.id() + " " + ledger.site().method() + " " + ledger.label());
        assertEquals(21_000, ledger.liveBytes(ResourceKind.UNSAFE));
        assertEquals(6, ledger.liveCount(ResourceKind.UNSAFE));
        // what it made on disk is nobody's account
        assertEquals(0, ledger.liveCount(ResourceKind.CREATED));
        // the largest four say where they were taken, within a second all with one text
        assertTrue(isPlace(live.get(1).takenAt()), live.get(1).takenAt());
        assertNotSame(live.get(1).takenAt(), live.get(1).takenAt());
        accounts.prune();
        String place = live.get(1).takenAt();
        assertTrue(isPlace(place), place);
        assertSame(place, live.get(4).takenAt());
        assertNull(live.get(5).takenAt());

        for (int i = 1; i < live.size(); i++) {
            ledger.release(live.get(i));
            assertEquals(6 - i, ledger.liveCount(ResourceKind.UNSAFE));
            accounts.prune();
            assertEquals(i < 6, accounts.held().contains(ledger));
        }
    }

    /** Whoever calls a test by reflection; the frames of dev.ebb are left out. */
    private static boolean isPlace(String text) {
        return text.startsWith("java.base/") && text.contains("Method.invoke(") && text.contains(" < ") && !text.contains("dev.ebb");
    }

    @Test
    void aLoadThatHoldsNothingHasNoAccount() {
        Accounts accounts = new Accounts();
        Block block = block(1, 1);
        ledger.add(block);
        ledger.release(block);
        accounts.open(ledger);
        assertEquals(List.of(), List.copyOf(accounts.held()));
    }

    @Test
    void whatSeveralThreadsTakeIsInPartsAndSummedUp() {
        List<Block> taken = new ArrayList<>();
        // a number that is 16 more is the same part
        for (int thread : new int[] {3, 3, 7, 3, 19, 7, -1, 3}) {
            Block block = block(taken.size(), 1 << taken.size());
            assertTrue(ledger.add(block, thread));
            taken.add(block);
        }
        assertEquals(Set.copyOf(taken), Set.copyOf(ledger.live()));
        // of one part last taken first
        assertEquals(List.of(taken.get(7), taken.get(4), taken.get(3), taken.get(1), taken.get(0)), ledger.live().subList(0, 5));
        assertEquals(255, ledger.liveBytes(ResourceKind.UNSAFE));
        assertEquals(8, ledger.takenCount(ResourceKind.UNSAFE));
        ledger.release(taken.remove(5));
        ledger.release(taken.remove(3));
        assertEquals(Set.copyOf(taken), Set.copyOf(ledger.live()));
        assertEquals(255 - 32 - 8, ledger.liveBytes(ResourceKind.UNSAFE));
        taken.forEach(ledger::release);
        assertTrue(ledger.isEmpty());
        assertEquals(0, ledger.liveBytes(ResourceKind.UNSAFE));
    }

    @Test
    void threadsShareTheRoomThatALoadHasForRecords() throws InterruptedException {
        // 2,048 of one load: portions of 2
        Ledger small = new Ledger(load, new Limits(4_096 * 512));
        List<Resource> recorded = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                for (int j = 0; j < 10_000; j++) {
                    Block block = block(j, 1);
                    if (small.add(block, number)) {
                        recorded.add(block);
                    }
                    if (j % 3 == 0) {
                        small.release(block);
                        recorded.remove(block);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(recorded.size() <= 2_048 && recorded.size() >= 2_048 - 4 * 4, recorded.size() + " records");
        assertEquals(recorded.size(), small.recordedCount(ResourceKind.UNSAFE));
        assertEquals(Set.copyOf(recorded), Set.copyOf(small.live()));
        assertEquals(40_000, small.takenCount(ResourceKind.UNSAFE));
        recorded.forEach(small::release);
        assertTrue(small.isEmpty());
        // what was given back is there for one thread alone, but for what the others keep
        int again = 0;
        while (small.add(block(again, 1), 5)) {
            again++;
        }
        assertTrue(again >= 2_048 - 4 * 4, again + " records");
    }

    @Test
    void whatIsTakenAfterTheEndIsInTheAccount() {
        ledger.add(block(1, 10), 0);
        new Accounts().open(ledger);
        ledger.add(block(2, 20), 1);
        assertEquals(30, ledger.liveBytes(ResourceKind.UNSAFE));
        assertEquals(0, ledger.takenCount(ResourceKind.UNSAFE));
        assertEquals(2, ledger.live().size());
    }
}
