package scenario.hostile;

import java.lang.ref.Cleaner;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Late results that are hard to close once, and once only. */
final class Closers {
    private static final int TIMES = 20;

    private Closers() { }

    static List<Deed> deeds() {
        return List.of(new Throwing("throws", 51_001, new IllegalStateException("cannot be closed")), new Throwing("throws-error", 51_002, new LinkageError("no code")), new NeedsLock(),
            new ClosesLate(), new ClosedBeforeItIsReturned(), new ClosedUnheard(), new EndedBeforeItIsGivenUp(), new Cleaned(), new Finalized(), new Shapes());
    }

    static List<Deed> revived() {
        return List.of(new Resurrected());
    }

    /** The close of its result throws. */
    private static final class Throwing extends Deed {
        private final Throwable thrown;

        Throwing(String name, int bytes, Throwable thrown) {
            super(name, bytes);
            this.thrown = thrown;
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, this::load);
            lead();
        }

        private Object load(Order order) {
            order.pass();
            Throwable end = thrown;
            return new Segment(order) {
                @Override
                public void close() {
                    super.close();
                    Closers.<RuntimeException>doThrow(end);
                }
            };
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void doThrow(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** The close of its result needs a lock, and the load's own thread has that until it may go on, in a task that is none of the load. */
    private static final class NeedsLock extends Deed {
        private final ReentrantLock lock = new ReentrantLock();
        private final CountDownLatch locked = new CountDownLatch(1);
        private final CountDownLatch mayUnlock = new CountDownLatch(1);

        NeedsLock() {
            super("needs-lock", 51_003);
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(Loads.POOL, order, () -> {
                Object result = Loads.load(order.name, order, this::load);
                Loads.POOL.execute(this::unlockLater);
                Order.await(locked);
                return result;
            });
            order.mayEnd.countDown();
        }

        private Segment load(Order order) {
            order.pass();
            ReentrantLock needed = lock;
            return new Segment(order) {
                @Override
                public void close() {
                    needed.lock();
                    super.close();
                    needed.unlock();
                }
            };
        }

        private void unlockLater() {
            lock.lock();
            locked.countDown();
            Order.await(mayUnlock);
            lock.unlock();
        }

        @Override
        void lead() {
            mayUnlock.countDown();
        }

        @Override
        String program() {
            return "locked " + lock.isHeldByCurrentThread();
        }
    }

    /** A good one first: from then on Ebb knows the class that loads return, and hears of its close. Before, a Closeable may be closed by both. */
    private static void knowWhatIsReturned() throws Exception {
        Order first = new Order("good", 51_006);
        first.mayEnd.countDown();
        Segment good = (Segment) Loads.POOL.submit(() -> Loads.load(first.name, first, Segment::new)).get();
        Order.check(good.memory().limit() == 51_006, "good");
        good.close();
    }

    /** Somebody else closes every second one, at about the time when it would be closed as a late one. */
    private static final class ClosesLate extends Deed {
        private final LinkedBlockingQueue<Segment> reaped = new LinkedBlockingQueue<>();
        private final List<Order> orders = new ArrayList<>();

        ClosesLate() {
            super("closes-late", 51_004);
        }

        @Override
        void begin() throws Exception {
            knowWhatIsReturned();
            Loads.daemon(this::reap).start();
            for (int i = 0; i < TIMES; i++) {
                Order one = new Order(order.name, order.bytes);
                boolean handedOn = i % 2 == 0;
                orders.add(one);
                Loads.abandon(one, o -> {
                    o.pass();
                    Segment segment = new Segment(o);
                    if (handedOn) {
                        reaped.add(segment);
                    }
                    return segment;
                });
            }
        }

        @Override
        void lead() {
            orders.forEach(one -> one.mayEnd.countDown());
        }

        private void reap() {
            try {
                for (int i = 0; i < TIMES / 2; i++) {
                    Segment segment = reaped.take();
                    Thread.sleep(i * 10L);
                    Order.check(segment.isRight(), "closed by somebody else");
                    segment.close();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        String late() {
            return "closed " + orders.stream().map(one -> one.closes.toString()).toList();
        }
    }

    /** It is published and closed by its user before the load returns it. */
    private static final class ClosedBeforeItIsReturned extends Deed {
        ClosedBeforeItIsReturned() {
            super("closed-before", 51_005);
        }

        @Override
        void begin() throws Exception {
            knowWhatIsReturned();
            Loads.abandon(order, this::load);
        }

        private Segment load(Order order) {
            Segment segment = new Segment(order);
            order.pass();
            segment.close();
            return segment;
        }
    }

    /** Ebb has never seen a result of that class, and its task closes it before Ebb can hear of a close; then the caller gives up. */
    private static final class ClosedUnheard extends Deed {
        ClosedUnheard() {
            super("closed-unheard", 51_006);
        }

        /** A second close of it does something, as its type says: it is no Closeable. */
        private static final class Result implements AutoCloseable {
            private final Order order;
            private final ByteBuffer memory;

            Result(Order order) {
                this.order = order;
                memory = ByteBuffer.allocateDirect(order.bytes);
            }

            @Override
            public void close() {
                order.closes.addAndGet(memory.limit() / order.bytes);
            }
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(Loads.POOL, order, () -> {
                loadAndClose();
                order.pass();
                return null;
            });
        }

        private void loadAndClose() throws Exception {
            ((AutoCloseable) Loads.load(order.name, order, Result::new)).close();
        }
    }

    /** The caller gives up when the load is through and its task is not; the program's own collections come at once. */
    private static final class EndedBeforeItIsGivenUp extends Deed {
        private final List<Order> orders = new ArrayList<>();

        EndedBeforeItIsGivenUp() {
            super("ended-before", 51_007);
        }

        @Override
        void begin() throws Exception {
            knowWhatIsReturned();
        }

        @Override
        void lead() throws Exception {
            for (int i = 0; i < TIMES; i++) {
                Order one = new Order(order.name, order.bytes);
                orders.add(one);
                Loads.abandon(Loads.POOL, one, () -> {
                    Object result = Loads.load(one.name, one, Segment::new);
                    one.pass();
                    return result;
                });
                one.mayEnd.countDown();
                System.gc();
            }
        }

        @Override
        String late() {
            return "closed " + orders.stream().map(one -> one.closes.toString()).toList();
        }
    }

    /** Hands its memory to a Cleaner, as the JDK recommends: both ways of freeing it must come to one. */
    private static final class Cleaned extends Deed {
        private static final Cleaner CLEANER = Cleaner.create();
        private final AtomicInteger freed = new AtomicInteger();

        Cleaned() {
            super("cleaned", 51_008);
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, this::load);
            order.mayEnd.countDown();
        }

        private AutoCloseable load(Order order) {
            order.pass();
            return new WithCleaner(order, freed);
        }

        private static final class WithCleaner implements AutoCloseable {
            private final Cleaner.Cleanable cleanable;
            private final AtomicInteger closes;

            WithCleaner(Order order, AtomicInteger freed) {
                closes = order.closes;
                cleanable = CLEANER.register(this, freed::incrementAndGet);
            }

            @Override
            public void close() {
                closes.incrementAndGet();
                cleanable.clean();
            }
        }

        @Override
        String program() throws InterruptedException {
            for (int i = 0; freed.get() == 0 && i < 1_000; i++) {
                System.gc();
                Thread.sleep(20);
            }
            return "freed " + freed;
        }
    }

    /** Is freed by a finalizer; that and a close would be twice. */
    private static final class Finalized extends Deed {
        private final AtomicInteger freed = new AtomicInteger();

        Finalized() {
            super("finalized", 51_009);
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, this::load);
            order.mayEnd.countDown();
        }

        private AutoCloseable load(Order order) {
            order.pass();
            return new WithFinalizer(freed);
        }

        private static final class WithFinalizer implements AutoCloseable {
            private final AtomicInteger freed;

            WithFinalizer(AtomicInteger freed) {
                this.freed = freed;
            }

            @Override
            public void close() {
                freed.incrementAndGet();
            }

            @Override
            @SuppressWarnings({"deprecation", "removal"})
            protected void finalize() {
                close();
            }
        }

        @Override
        String program() throws InterruptedException {
            for (int i = 0; freed.get() == 0 && i < 1_000; i++) {
                System.gc();
                Thread.sleep(20);
            }
            return "freed " + freed;
        }
    }

    /** Somebody's finalizer brings it back. */
    private static final class Resurrected extends Deed {
        private static volatile Segment back;

        Resurrected() {
            super("resurrected", 51_010);
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, this::load);
            order.mayEnd.countDown();
        }

        private Segment load(Order order) {
            order.pass();
            Segment segment = new Segment(order);
            Order.check(new Reviver(segment).segment == segment, "not kept");
            return segment;
        }

        private static final class Reviver {
            private final Segment segment;

            Reviver(Segment segment) {
                this.segment = segment;
            }

            @Override
            @SuppressWarnings({"deprecation", "removal"})
            protected void finalize() {
                back = segment;
            }
        }

        @Override
        String program() throws InterruptedException {
            for (int i = 0; back == null && i < 1_000; i++) {
                System.gc();
                Thread.sleep(20);
            }
            return "back " + (back != null && back.isRight());
        }
    }

    /** What is returned is a proxy, a lambda, a record or of a class without a close of its own; every second one is closed by its task. */
    private static final class Shapes extends Deed {
        private final List<Order> orders = new ArrayList<>();

        Shapes() {
            super("shapes", 51_011);
        }

        private record Recorded(Segment segment) implements AutoCloseable {
            @Override
            public void close() {
                segment.close();
            }
        }

        private static final class Inherits extends Segment {
            Inherits(Order order) {
                super(order);
            }
        }

        @Override
        void begin() throws Exception {
            for (int i = 0; i < 8; i++) {
                Order one = new Order(order.name + "-" + i, order.bytes + i);
                int number = i;
                orders.add(one);
                Loads.abandon(Loads.POOL, one, () -> {
                    AutoCloseable result = (AutoCloseable) Loads.load(one.name, one, o -> load(o, number));
                    if (number % 2 == 1) {
                        result.close();
                    }
                    return result;
                });
            }
            orders.forEach(one -> one.mayEnd.countDown());
        }

        private static AutoCloseable load(Order order, int number) {
            order.pass();
            Segment segment = new Segment(order);
            return switch (number / 2) {
                case 0 -> (AutoCloseable) Proxy.newProxyInstance(Shapes.class.getClassLoader(), new Class<?>[] {AutoCloseable.class}, (proxy, method, args) -> {
                    segment.close();
                    return null;
                });
                case 1 -> () -> segment.close();
                case 2 -> new Recorded(segment);
                default -> new Inherits(order);
            };
        }

        @Override
        String late() {
            return "closed " + orders.stream().map(one -> one.closes.toString()).toList();
        }
    }
}
