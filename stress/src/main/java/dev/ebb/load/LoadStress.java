package dev.ebb.load;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.J_Result;

/** What the threads of a load tell each other and the worker. */
public final class LoadStress {
    /** Stands for one that is inside; its counter is the test's. */
    private static final Thread THREAD = new Thread();

    private LoadStress() { }

    /** Body and task leave at once: one of them makes the load quiet, and it is. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 0, 1", "0, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "quiet once")
    public static class Leave {
        private final Load load = LedgerStress.load();

        public Leave() {
            load.join();
        }

        @Actor
        public void body(III_Result r) {
            r.r1 = load.leave() ? 1 : 0;
        }

        @Actor
        public void task(III_Result r) {
            r.r2 = load.leave() ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = load.quiet() ? 1 : 0;
        }
    }

    /** A task hands on a task while the body leaves: the load is not quiet before all three have gone. */
    @JCStressTest
    @State
    @Outcome(id = {"0, 1, 1", "1, 0, 1"}, expect = Expect.ACCEPTABLE, desc = "quiet once, at the end")
    public static class HandOn {
        private final Load load = LedgerStress.load();

        public HandOn() {
            load.join();
        }

        @Actor
        public void body(III_Result r) {
            r.r1 = load.leave() ? 1 : 0;
        }

        @Actor
        public void task(III_Result r) {
            load.join();
            r.r2 = (load.leave() ? 1 : 0) + (load.leave() ? 1 : 0);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = load.quiet() ? 1 : 0;
        }
    }

    /** Two callers time out: one of them is the first. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 0, 2", "0, 1, 2"}, expect = Expect.ACCEPTABLE, desc = "one is first, both are known")
    public static class GiveUp {
        private final LoadFutures futures = new LoadFutures();
        private final Object one = new Object();
        private final Object other = new Object();

        @Actor
        public void one(III_Result r) {
            r.r1 = futures.giveUp(one) ? 1 : 0;
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = futures.giveUp(other) ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = (futures.wasGivenUpThrough(one) ? 1 : 0) + (futures.wasGivenUpThrough(other) ? 1 : 0);
        }
    }

    /** Two threads take the order to end back: it is counted down once. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "taken back once")
    public static class TakeBackStop {
        private final StopOrder stop = new StopOrder();

        public TakeBackStop() {
            stop.give("end");
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = stop.takeBack() ? 1 : 0;
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = stop.takeBack() ? 1 : 0;
        }
    }

    /** A load's heap bytes are read while its thread turns to something else: neither lost nor counted twice. */
    @JCStressTest
    @State
    @Outcome(id = "50", expect = Expect.ACCEPTABLE, desc = "exact at every moment")
    public static class HeapBytesOfOneInside {
        private final ThreadAccount account = new ThreadAccount(1, new WeakReference<>(THREAD), "thread", new Presence(false), false);

        public HeapBytesOfOneInside() {
            account.enter();
            account.allocates(100);
        }

        @Actor
        public void thread() {
            account.allocatesNoMore(150);
        }

        @Actor
        public void worker(J_Result r) {
            r.r1 = account.heapBytes(any -> 150);
        }
    }

    /** The same while the thread leaves and comes back, and has allocated for others between. */
    @JCStressTest
    @State
    @Outcome(id = "50", expect = Expect.ACCEPTABLE, desc = "nothing of others")
    public static class HeapBytesOfOneThatComesBack {
        private final ThreadAccount account = new ThreadAccount(1, new WeakReference<>(THREAD), "thread", new Presence(false), false);
        private volatile long counter = 150;

        public HeapBytesOfOneThatComesBack() {
            account.enter();
            account.allocates(100);
        }

        @Actor
        public void thread() {
            account.allocatesNoMore(150);
            counter = 400;
            account.allocates(400);
        }

        @Actor
        public void worker(J_Result r) {
            r.r1 = account.heapBytes(any -> counter);
        }
    }

    /** While the worker holds a thread in its load, the thread does not go on to anything else. */
    @JCStressTest
    @State
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "the thread has waited, or was not held")
    public static class Hold {
        private final Load load = LedgerStress.load();
        private final Presence presence = new Presence(false);
        private volatile int held;

        public Hold() {
            presence.moveTo(load);
        }

        @Actor
        public void worker() {
            if (presence.hold(load)) {
                held = 1;
                held = 0;
                presence.letGo(load);
            }
        }

        @Actor
        public void thread(I_Result r) {
            presence.moveTo(null);
            r.r1 = held;
        }
    }

    /** A task comes while those that are done are unlinked. */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the new one is in the list, and alone")
    public static class PrunePending {
        private final PendingTasks tasks = new PendingTasks();
        private final Done[] done = new Done[66];

        private static final class Done extends Pending {
            private volatile boolean done;

            Done() {
                super(new Object(), new ReferenceQueue<>());
            }

            @Override
            public boolean isDone() {
                return done;
            }
        }

        public PrunePending() {
            for (int i = 0; i < done.length; i++) {
                done[i] = new Done();
                tasks.add(done[i]);
            }
            for (int i = 1; i < done.length; i++) {
                done[i].done = true;
                if (i > 1) {
                    tasks.oneDone();
                }
            }
        }

        @Actor
        public void finish() {
            done[0].done = true;
            tasks.oneDone();
        }

        @Actor
        public void add() {
            tasks.add(new Done());
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = tasks.list().size();
        }
    }
}
