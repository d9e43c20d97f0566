package dev.ebb.record;

import dev.ebb.load.Block;
import dev.ebb.load.LateResult;
import dev.ebb.load.LateResultStress;
import dev.ebb.load.Limits;
import dev.ebb.load.Load;
import dev.ebb.load.LoadListener;
import dev.ebb.load.Memory;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import dev.ebb.load.Site;
import dev.ebb.load.Trouble;
import java.lang.ref.ReferenceQueue;
import java.lang.reflect.Proxy;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The index of what was taken, and the table of tasks that were handed over. */
public final class RecordStress {
    private RecordStress() { }

    private static Load load() {
        return new Load(1, new Site(0, "a.B#load", null, false, null, 0, false), "-", null, 0);
    }

    /** A block is given back while it is recorded: found, it leaves the ledger; not found, it stays there. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 0", "0, 7"}, expect = Expect.ACCEPTABLE, desc = "in the index and in the ledger alike")
    public static class AddAndRelease {
        private final Index index = new Index(null, Limits.ofThisJvm());
        private final Load load = load();

        @Actor
        public void take() {
            index.add(new Block(load, ResourceKind.DIRECT, 64, 7), 64, 0);
        }

        @Actor
        public void giveBack(IJ_Result r) {
            r.r1 = index.release(ResourceKind.DIRECT, 64) == null ? 0 : 1;
        }

        @Arbiter
        public void after(IJ_Result r) {
            r.r2 = load.ledger().liveBytes(ResourceKind.DIRECT);
        }
    }

    /** The allocator gives an address out again while the record of the block before is still there: one of two loads has it in the end. */
    @JCStressTest
    @State
    @Outcome(id = "1, 9", expect = Expect.ACCEPTABLE, desc = "what was there before is gone, and one is there")
    @Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "what was there before is gone, and one is there")
    @Outcome(id = "2, 16", expect = Expect.ACCEPTABLE_INTERESTING, desc = "both are recorded: the JVM hands an address to one at a time")
    public static class ReuseAddress {
        private final Index index = new Index(null, Limits.ofThisJvm());
        private final Load load = load();

        public ReuseAddress() {
            index.add(new Block(load, ResourceKind.DIRECT, 64, 5), 64, 0);
        }

        @Actor
        public void one() {
            index.add(new Block(load, ResourceKind.DIRECT, 64, 7), 64, 0);
        }

        @Actor
        public void other() {
            index.add(new Block(load, ResourceKind.DIRECT, 64, 9), 64, 1);
        }

        @Arbiter
        public void after(IJ_Result r) {
            for (Resource resource : load.ledger().live()) {
                r.r1++;
                r.r2 += resource.bytes();
            }
        }
    }

    /** Everything is forgotten while one thing is given back: counted on as unrecorded, or gone; never both, never below nothing. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 0", "0, 7"}, expect = Expect.ACCEPTABLE, desc = "given back, or unrecorded")
    public static class ForgetAndRelease {
        private final Index index = new Index(null, Limits.ofThisJvm());
        private final Load load = load();

        public ForgetAndRelease() {
            index.add(new Block(load, ResourceKind.DIRECT, 64, 7), 64, 0);
        }

        @Actor
        public void forget() {
            index.forgetAll();
        }

        @Actor
        public void giveBack(IJ_Result r) {
            r.r1 = index.release(ResourceKind.DIRECT, 64) == null ? 0 : 1;
        }

        @Arbiter
        public void after(IJ_Result r) {
            r.r2 = load.ledger().liveBytes(ResourceKind.DIRECT);
        }
    }

    /** One runnable handed over once: of two threads that run it (the program runs it itself besides), one works for the load. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 0, 0", "0, 1, 0"}, expect = Expect.ACCEPTABLE, desc = "taken once")
    public static class TakeTask {
        private final TaskTable table = new TaskTable();
        private final Object task = new Object();

        public TakeTask() {
            table.add(new Ticket(task, null, load(), new ReferenceQueue<>(), false), task);
        }

        @Actor
        public void one(III_Result r) {
            r.r1 = table.take(task) == null ? 0 : 1;
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = table.take(task) == null ? 0 : 1;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = table.take(task) == null ? 0 : 1;
        }
    }

    /** Handed over once more while it is taken: none is lost. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one and one")
    public static class AddAndTake {
        private final TaskTable table = new TaskTable();
        private final Object task = new Object();
        private final Load load = load();

        public AddAndTake() {
            table.add(new Ticket(task, null, load, new ReferenceQueue<>(), false), task);
        }

        @Actor
        public void add() {
            table.add(new Ticket(task, null, load, new ReferenceQueue<>(), false), task);
        }

        @Actor
        public void take(II_Result r) {
            r.r1 = table.take(task) == null ? 0 : 1;
        }

        @Arbiter
        public void after(II_Result r) {
            while (table.take(task) != null) {
                r.r2++;
            }
        }
    }

    /** A task begins while it is taken back: it has run or it never will, and leaves its load once. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 1", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "run or dropped; the body alone is left")
    public static class RunAndDrop {
        private final Load load = load();
        private final Ticket ticket = new Ticket(this, LOADS, load, new ReferenceQueue<>(), false);

        @Actor
        public void run(II_Result r) {
            Frame frame = ticket.enter(this);
            r.r1 = frame == null ? 0 : 1;
            ticket.exit(frame);
        }

        @Actor
        public void takeBack() {
            ticket.drop();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = load.participants();
        }
    }

    /** A stage is taken back by the one that looks for lost futures and by its own future's end: it is counted down once. */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the body alone is left")
    public static class DropTwice {
        private final Load load = load();
        private final Ticket ticket = new Ticket(this, LOADS, load, new ReferenceQueue<>(), true);

        @Actor
        public void one() {
            ticket.drop();
        }

        @Actor
        public void other() {
            ticket.drop();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = load.participants();
        }
    }

    /** A load of a future begins while another one of it is decided: the new one is found, and nothing else. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "found")
    public static class BeginAndDecide {
        private final Carriers carriers = new Carriers();
        private final Object future = new Object();
        private final Load old = carried();
        private final Load fresh = carried();

        public BeginAndDecide() {
            carriers.add(old);
        }

        private Load carried() {
            Load load = load();
            load.futures().carriedBy(List.of(Carriers.reference(future)));
            return load;
        }

        @Actor
        public void begin() {
            carriers.add(fresh);
        }

        @Actor
        public void decide() {
            carriers.remove(old);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = carriers.of(future).size();
            r.r2 = carriers.of(future).contains(fresh) ? 1 : 0;
        }
    }

    /** A caller gives up while the load returns: whoever comes second keeps the result for the proof, and it is not lost. */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "kept")
    public static class ReturnAndGiveUp {
        private final Load load = load();
        private final Object result = new Object();
        private final Object future = new Object();

        @Actor
        public void returning() {
            // as LoadBoundary does
            load.result(new LateResult(result, null, null, null));
            if (load.futures().callerGaveUp()) {
                LOADS.keepResult(load);
            }
        }

        @Actor
        public void caller() {
            LOADS.gaveUp(load, future);
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = load.result().last() == null ? 0 : 1;
        }
    }

    private static final Loads LOADS = loads();

    /** Nothing listens, and malloc is not counted. */
    private static Loads loads() {
        Loads loads = new Loads(answersNothing(Memory.class), LateResultStress.lastReferences(), answersNothing(Trouble.class));
        loads.listen(answersNothing(LoadListener.class));
        return loads;
    }

    private static <T> T answersNothing(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) ->
            method.getReturnType() == int.class ? (Object) 0 : method.getReturnType() == long.class ? (Object) 0L : method.getReturnType() == boolean.class ? Boolean.FALSE : null));
    }
}
