package dev.ebb.load;

import java.lang.ref.ReferenceQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIJ_Result;
import org.openjdk.jcstress.infra.results.IJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Ledgers and the table of what is in them, with two threads at once. */
public final class LedgerStress {
    private static final Site SITE = new Site(0, "a.B#load", null, false, null, 0, false);

    private LedgerStress() { }

    static Load load() {
        return new Load(1, SITE, "-", null, 0);
    }

    /** Two threads give the same block back: one of them does, and its bytes are taken out once. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 0, 0", "0, 1, 0"}, expect = Expect.ACCEPTABLE, desc = "released once")
    public static class ReleaseTwice {
        private final Load load = load();
        private final Block block = new Block(load, ResourceKind.DIRECT, 64, 7);

        public ReleaseTwice() {
            load.ledger().add(block);
        }

        @Actor
        public void one(IIJ_Result r) {
            r.r1 = load.ledger().release(block) ? 1 : 0;
        }

        @Actor
        public void other(IIJ_Result r) {
            r.r2 = load.ledger().release(block) ? 1 : 0;
        }

        @Arbiter
        public void after(IIJ_Result r) {
            r.r3 = load.ledger().liveBytes(ResourceKind.DIRECT);
        }
    }

    /** An arena grows while it is closed: whichever came first, nothing of it stays. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "nothing stays")
    public static class GrowAndRelease {
        private final Load load = load();
        private final ArenaShare arena = new ArenaShare(load, new Object(), new ReferenceQueue<>());

        public GrowAndRelease() {
            load.ledger().add(arena);
        }

        @Actor
        public void grow() {
            load.ledger().grow(arena, 5);
        }

        @Actor
        public void release(IJ_Result r) {
            r.r1 = load.ledger().release(arena) ? 1 : 0;
        }

        @Arbiter
        public void after(IJ_Result r) {
            r.r2 = load.ledger().liveBytes(ResourceKind.ARENA);
        }
    }

    /** Neighbours in the list are taken out at once: the third is still found, and alone. */
    @JCStressTest
    @State
    @Outcome(id = "1, 4", expect = Expect.ACCEPTABLE, desc = "the third one is left")
    public static class UnlinkNeighbours {
        private final Load load = load();
        private final Block[] blocks = {new Block(load, ResourceKind.UNSAFE, 16, 1), new Block(load, ResourceKind.UNSAFE, 32, 2), new Block(load, ResourceKind.UNSAFE, 48, 4)};

        public UnlinkNeighbours() {
            for (Block block : blocks) {
                load.ledger().add(block);
            }
        }

        @Actor
        public void one() {
            load.ledger().release(blocks[0]);
        }

        @Actor
        public void other() {
            load.ledger().release(blocks[1]);
        }

        @Arbiter
        public void after(IJ_Result r) {
            r.r1 = load.ledger().live().size();
            r.r2 = load.ledger().liveBytes(ResourceKind.UNSAFE);
        }
    }

    /** The ledger is read while a block is taken out and another one comes: the block that stays is seen in any case. */
    @JCStressTest
    @State
    @Outcome(id = {"4, 12", "6, 12", "12, 12", "14, 12"}, expect = Expect.ACCEPTABLE, desc = "what is there all the time is always seen")
    public static class ReadMeanwhile {
        private final Load load = load();
        private final Block stays = new Block(load, ResourceKind.UNSAFE, 16, 4);
        private final Block goes = new Block(load, ResourceKind.UNSAFE, 32, 2);

        public ReadMeanwhile() {
            load.ledger().add(stays);
            load.ledger().add(goes);
        }

        @Actor
        public void change() {
            load.ledger().release(goes);
            load.ledger().add(new Block(load, ResourceKind.UNSAFE, 48, 8));
        }

        @Actor
        public void read(JJ_Result r) {
            for (Resource resource : load.ledger().live()) {
                r.r1 += resource.bytes();
            }
        }

        @Arbiter
        public void after(JJ_Result r) {
            r.r2 = load.ledger().liveBytes(ResourceKind.UNSAFE);
        }
    }

    /** One address is put in and looked for; whoever takes it out, it is one. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 0, 0", "0, 1, 0"}, expect = Expect.ACCEPTABLE, desc = "taken out once")
    public static class AddAndRemove {
        private final Load load = load();
        private final ResourceTable table = new ResourceTable(1000);

        @Actor
        public void add() {
            table.add(new Block(load, ResourceKind.DIRECT, 64, 7));
        }

        @Actor
        public void remove(IIJ_Result r) {
            r.r1 = table.remove(ResourceKind.DIRECT, 64) == null ? 0 : 1;
        }

        @Arbiter
        public void after(IIJ_Result r) {
            r.r2 = table.remove(ResourceKind.DIRECT, 64) == null ? 0 : 1;
            r.r3 = table.size();
        }
    }

    /** Two threads make a stripe of the table grow, and split its buckets: everything is found again. */
    @JCStressTest
    @State
    @Outcome(id = "20, 0", expect = Expect.ACCEPTABLE, desc = "all found")
    public static class Split {
        private final Load load = load();
        private final ResourceTable table = new ResourceTable(64 * 1000);

        @Actor
        public void even() {
            add(0);
        }

        @Actor
        public void odd() {
            add(1);
        }

        private void add(int first) {
            for (int i = first; i < 20; i += 2) {
                table.add(new Block(load, ResourceKind.DIRECT, address(i), 1));
            }
        }

        /** All in one stripe: the upper bits of the hash are those of a small number. */
        private static long address(int i) {
            return i * 0x0000000100000000L;
        }

        @Arbiter
        public void after(IJ_Result r) {
            for (int i = 0; i < 20; i++) {
                r.r1 += table.remove(ResourceKind.DIRECT, address(i)) == null ? 0 : 1;
            }
            r.r2 = table.size();
        }
    }
}
