package dev.ebb.load;

import org.junit.jupiter.api.Test;

import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ResourceTableTest {
    private final Load load = load(1);
    private final ResourceTable table = new ResourceTable(1_000_000);

    static Load load(long id) {
        return new Load(id, new Site(0, "a.B#load", null, false, null, 0, false), "-", null, 0);
    }

    @Test
    void findsWhatWasAddedAndNotWhatWasRemovedThroughManySizes() {
        Map<Long, Block> model = new HashMap<>();
        Random random = new Random(42);
        for (int phase = 0; phase < 6; phase++) {
            int add = phase % 2 == 0 ? 9 : 1;
            for (int i = 0; i < 60_000; i++) {
                long address = 16L * random.nextInt(100_000);
                Block known = model.get(address);
                assertSame(known, table.find(ResourceKind.DIRECT, address));
                if (known == null && random.nextInt(10) < add) {
                    Block block = new Block(load, ResourceKind.DIRECT, address, 1);
                    assertTrue(table.add(block));
                    model.put(address, block);
                } else if (random.nextInt(10) >= add) {
                    assertSame(model.remove(address), table.remove(ResourceKind.DIRECT, address));
                }
            }
            assertEquals(model.size(), table.size());
        }
        model.forEach((address, block) -> assertSame(block, table.remove(ResourceKind.DIRECT, address)));
        assertEquals(0, table.size());
    }

    @Test
    void anAddressOfAnotherKindIsAnotherBlock() {
        Block direct = new Block(load, ResourceKind.DIRECT, 4096, 1);
        Block mapped = new Block(load, ResourceKind.MAPPED, 4096, 2);
        table.add(direct);
        assertNull(table.remove(ResourceKind.MAPPED, 4096));
        table.add(mapped);
        assertNull(table.remove(ResourceKind.UNSAFE, 4096));
        assertSame(mapped, table.remove(ResourceKind.MAPPED, 4096));
        assertSame(direct, table.remove(ResourceKind.DIRECT, 4096));
    }

    @Test
    void anObjectMayBeKnownToSeveralLoads() {
        Object session = new Object();
        ReferenceQueue<Object> cleared = new ReferenceQueue<>();
        Load other = load(2);
        ArenaShare mine = new ArenaShare(load, session, cleared);
        ArenaShare theirs = new ArenaShare(other, session, cleared);
        table.add(mine);
        table.add(theirs);
        assertSame(mine, table.find(session, load.ledger()));
        assertSame(theirs, table.find(session, other.ledger()));
        assertNull(table.find(new Object(), null));
        assertNotNull(table.remove(session));
        assertNotNull(table.remove(session));
        assertNull(table.remove(session));
    }

    @Test
    void isFullAtItsLimitAndHasRoomAgain() {
        ResourceTable small = new ResourceTable(64 * 10);
        List<Block> added = new ArrayList<>();
        for (long address = 0; address < 100_000; address++) {
            Block block = new Block(load, ResourceKind.UNSAFE, 16 * address, 1);
            if (small.add(block)) {
                added.add(block);
            }
        }
        assertEquals(64 * 10, small.size());
        assertEquals(64 * 10, added.size());
        assertTrue(small.remove(added.get(0)));
        assertFalse(small.remove(added.get(0)));
        assertTrue(small.add(added.get(0)));
    }

    @Test
    void threadsThatAddAndRemoveLoseNothing() throws InterruptedException {
        int threads = 4;
        CountDownLatch start = new CountDownLatch(1);
        AtomicLong wrong = new AtomicLong();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            long base = t;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                    for (int round = 0; round < 20; round++) {
                        for (long i = 0; i < 3_000; i++) {
                            table.add(new Block(load, ResourceKind.UNSAFE, 16 * (i * threads + base), i));
                        }
                        for (long i = 0; i < 3_000; i++) {
                            Resource block = table.remove(ResourceKind.UNSAFE, 16 * (i * threads + base));
                            if (block == null || block.bytes() != i) {
                                wrong.incrementAndGet();
                            }
                        }
                    }
                } catch (InterruptedException e) {
                    wrong.incrementAndGet();
                }
            });
            thread.start();
            all.add(thread);
        }
        start.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        assertEquals(0, wrong.get());
        assertEquals(0, table.size());
    }
}
