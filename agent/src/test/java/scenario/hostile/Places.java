package scenario.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Loads that put what they make where it is found again, or lost: in caches, statics, thread locals, other loads, classes that go away. */
final class Places {
    private Places() { }

    static List<Deed> deeds() {
        return List.of(new InStatic(), new Referenced("soft", 52_002, true), new Referenced("weak", 52_003, false), new Local("local-pool", 52_004, true),
            new Local("local-dead", 52_005, false), new HandedOn(), new Retried(), new Initialises(), new DroppedLoader(), new Hangs(), new Virtual());
    }

    private static final class InStatic extends Deed {
        private static Segment kept;

        InStatic() {
            super("static", 52_001);
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, o -> {
                o.pass();
                kept = new Segment(o);
                return kept;
            });
            lead();
        }

        @Override
        String program() {
            Order.await(order.ended);
            return "right " + kept.isRight();
        }
    }

    /** Only a soft reference keeps it, which the collector respects while there is memory; or a weak one, which it does not. */
    private static final class Referenced extends Deed {
        private final boolean soft;
        private volatile Reference<Segment> cached;

        Referenced(String name, int bytes, boolean soft) {
            super(name, bytes);
            this.soft = soft;
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, this::load);
            lead();
        }

        private Segment load(Order order) {
            order.pass();
            Segment segment = new Segment(order);
            cached = soft ? new SoftReference<>(segment) : new WeakReference<>(segment);
            return segment;
        }

        @Override
        String program() {
            Order.await(order.ended);
            Segment segment = cached.get();
            return "right " + (segment == null || segment.isRight());
        }
    }

    /** A thread local of a pool's thread, which lives on, or of a thread that ends. */
    private static final class Local extends Deed {
        private final ThreadLocal<Segment> local = new ThreadLocal<>();
        private final ExecutorService pool = Executors.newSingleThreadExecutor(Loads::daemon);
        private final boolean livesOn;

        Local(String name, int bytes, boolean livesOn) {
            super(name, bytes);
            this.livesOn = livesOn;
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(pool, order, () -> Loads.load(order.name, order, this::load));
            if (!livesOn) {
                pool.shutdown();
            }
            lead();
        }

        private Segment load(Order order) {
            order.pass();
            local.set(new Segment(order));
            return local.get();
        }

        @Override
        String program() throws Exception {
            return livesOn ? "right " + pool.submit(() -> local.get().isRight()).get() : "ended";
        }
    }

    /** Hands its buffer to another load, which succeeds, before it fails. */
    private static final class HandedOn extends Deed {
        private final Order other = new Order("receiver", 52_106);
        private Object received;
        private ByteBuffer buffer;

        HandedOn() {
            super("handed-on", 52_006);
        }

        @Override
        void begin() throws Exception {
            Loads.timesOut(order, this::load);
        }

        private Object load(Order order) throws Exception {
            buffer = new Segment(order).memory();
            received = Loads.POOL.submit(() -> Loads.load(other.name, other, o -> List.of(new Segment(o).memory(), buffer))).get();
            throw new TimeoutException("after its buffer was handed on");
        }

        @Override
        String program() {
            for (Object one : (List<?>) received) {
                Order.check(Segment.isRight((ByteBuffer) one), "freed while another load has it");
            }
            return "right " + Segment.isRight(buffer);
        }
    }

    /** Is tried again, and again, while those before are rolled back; every second one is in time. */
    private static final class Retried extends Deed {
        private static final int TIMES = 10;
        private final List<Segment> kept = new ArrayList<>();
        private final List<Order> late = new ArrayList<>();

        Retried() {
            super("retried", 52_007);
        }

        @Override
        void begin() throws Exception {
            for (int i = 0; i < TIMES; i++) {
                Order one = new Order(order.name, order.bytes);
                late.add(one);
                Loads.abandon(one, o -> {
                    o.pass();
                    return new Segment(o);
                });
                one.mayEnd.countDown();
                Order good = new Order(order.name, order.bytes);
                kept.add((Segment) Loads.POOL.submit(() -> Loads.load(good.name, good, Segment::new)).get());
            }
        }

        @Override
        String program() {
            return "right " + kept.stream().filter(Segment::isRight).count();
        }

        @Override
        String late() {
            return "closed " + late.stream().map(one -> one.closes.toString()).toList();
        }
    }

    /** Is cancelled, and then initialises a class that takes memory: it must be as good as if nobody had cancelled. */
    private static final class Initialises extends Deed {
        Initialises() {
            super("initialises", 52_008);
        }

        private static final class Holder {
            private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(52_108);
        }

        @Override
        void begin() throws Exception {
            Future<?> future = Loads.POOL.submit(() -> Loads.load(order.name, order, o -> {
                o.pass();
                return Holder.BUFFER.limit();
            }));
            Order.await(order.begun);
            future.cancel(false);
            lead();
        }

        @Override
        String program() {
            Order.await(order.ended);
            return "limit " + Holder.BUFFER.limit();
        }
    }

    /** Its result is of a class whose loader nobody has when it comes. */
    private static final class DroppedLoader extends Deed {
        private volatile WeakReference<ClassLoader> loader;

        DroppedLoader() {
            super("dropped-loader", 52_009);
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, this::load);
            lead();
        }

        private Object load(Order order) throws Exception {
            order.pass();
            ClassLoader own = new Once(Late.class);
            loader = new WeakReference<>(own);
            return own.loadClass(Late.class.getName()).getConstructor(AtomicInteger.class, ByteBuffer.class).newInstance(order.closes, ByteBuffer.allocateDirect(order.bytes));
        }

        @Override
        String program() throws InterruptedException {
            Order.await(order.ended);
            for (int i = 0; loader.get() != null && i < 1_000; i++) {
                System.gc();
                Thread.sleep(20);
            }
            return "loader is gone " + (loader.get() == null);
        }
    }

    /** Defines one class itself and leaves all others to the program's loader. */
    private static final class Once extends ClassLoader {
        private final Class<?> own;

        Once(Class<?> own) {
            super(own.getClassLoader());
            this.own = own;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(own.getName()) || findLoadedClass(name) != null) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = own.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
                byte[] code = in.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** What {@link DroppedLoader} returns; refers to no other class of the program. Closeable, so that Ebb may close it however late it first hears of the class. */
    public static final class Late implements Closeable {
        private final AtomicInteger closes;
        private ByteBuffer memory;

        public Late(AtomicInteger closes, ByteBuffer memory) {
            this.closes = closes;
            this.memory = memory;
        }

        @Override
        public void close() {
            closes.incrementAndGet();
            memory = null;
        }
    }

    /** Its close never returns. */
    private static final class Hangs extends Deed {
        Hangs() {
            super("hangs", 52_010);
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, o -> {
                o.pass();
                return new NeverClosed(o);
            });
            lead();
        }

        private static final class NeverClosed extends Segment {
            NeverClosed(Order order) {
                super(order);
            }

            @Override
            public void close() {
                super.close();
                Order.await(new CountDownLatch(1));
            }
        }
    }

    /** In a virtual thread where there are any. */
    private static final class Virtual extends Deed {
        Virtual() {
            super("virtual", 52_011);
        }

        @Override
        void begin() throws Exception {
            ExecutorService pool = Runtime.version().feature() < 21 ? Loads.POOL
                : (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            Loads.abandon(pool, order, () -> Loads.load(order.name, order, o -> {
                o.pass();
                return new Segment(o);
            }));
            lead();
        }
    }
}
