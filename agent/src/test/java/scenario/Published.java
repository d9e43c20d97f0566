package scenario;

import scenario.Engine.Order;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Late loads that nobody can read through their futures any more. What some of them made is in use all the same, and what others made can be disposed of
 * in ways of its own. A line on stdin makes it let go of some of what is published, and "end" ends it.
 */
public final class Published {
    static final Map<String, Object> REGISTRY = new ConcurrentHashMap<>();

    private static final ExecutorService POOL = Executors.newFixedThreadPool(2, Published::daemon);
    private static final Order ORPHAN = new Order("orphan", 60_001);
    private static final Order PUBLISHED = new Order("published", 60_002);
    private static final Order PART = new Order("part", 60_003);
    private static final Order CLOSED_LATER = new Order("closed-later", 60_004);
    private static final Order DROPPED_LATER = new Order("dropped-later", 60_005);
    private static final Order CLOSED_BY_TASK = new Order("closed-by-task", 60_006);
    private static final Order AFTER = new Order("after", 60_007);
    private static final Order DESTROY = new Order("destroy", 60_101);
    private static final Order DROP = new Order("drop", 60_102);
    private static final Order SHUTDOWN = new Order("shutdown", 60_103);

    private Published() { }

    /** Closes its part along with itself. */
    static final class Whole extends Segment {
        final Segment part;

        Whole(Segment part, AtomicInteger closes) {
            super(1, closes);
            this.part = part;
        }

        @Override
        public void close() {
            super.close();
            part.close();
        }
    }

    /** Of a class whose closes nobody has a reason to watch before. */
    static final class Careful implements AutoCloseable {
        private final Order order;

        Careful(Order order) {
            this.order = order;
        }

        @Override
        public void close() {
            order.closes.incrementAndGet();
        }
    }

    /** No AutoCloseable. */
    static final class Handle {
        private final Segment segment;

        Handle(Segment segment) {
            this.segment = segment;
        }

        void destroy() {
            segment.close();
        }
    }

    /** Loads by name and drops by name; returns nothing. */
    static final class Store {
        private final Map<String, Segment> segments = new ConcurrentHashMap<>();

        void loadInto(String name, Order order) {
            segments.put(name, Engine.load(name, order));
        }

        private void drop(String name) {
            segments.remove(name).close();
        }
    }

    /** An engine with a thread of its own that keeps it in reach for ever. */
    static final class Database {
        private final Segment segment;
        private final CountDownLatch down = new CountDownLatch(1);

        Database(Segment segment, Thread[] started) {
            this.segment = segment;
            started[0] = daemon(new Checkpointer(this));
        }

        public void shutdown() {
            segment.close();
            down.countDown();
        }
    }

    private record Checkpointer(Database database) implements Runnable {
        @Override
        public void run() {
            Engine.await(database.down);
            check(database.segment.memory.limit() == 60_103);
        }
    }

    // the watched methods

    static Segment loadAndPublish(String name, Order order) {
        Segment segment = Engine.load(name, order);
        REGISTRY.put(name, segment);
        return segment;
    }

    static Whole loadWhole(String name, Order order) {
        Segment part = Engine.load(name, order);
        REGISTRY.put(name, part);
        return new Whole(part, order.closes);
    }

    static Careful loadCareful(String name, Order order) {
        Engine.await(order.mayEnd);
        order.ended.countDown();
        return new Careful(order);
    }

    static Handle loadHandle(String name, Order order) {
        return new Handle(Engine.load(name, order));
    }

    static Database openDatabase(String name, Order order, Thread[] started) {
        return new Database(Engine.load(name, order), started);
    }

    /** As long as one lives, what a collection finds unreachable has to be confirmed by another. */
    private static final class Finalizable {
        @Override
        @SuppressWarnings({"deprecation", "removal"})
        protected void finalize() { }
    }

    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            REGISTRY.put("finalizable", new Finalizable());
        }
        Store store = new Store();
        abandon(ORPHAN, () -> Engine.load("orphan", ORPHAN));
        abandon(PUBLISHED, () -> loadAndPublish("published", PUBLISHED));
        abandon(PART, () -> loadWhole("part", PART));
        abandon(CLOSED_LATER, () -> loadAndPublish("closed-later", CLOSED_LATER));
        abandon(DROPPED_LATER, () -> loadAndPublish("dropped-later", DROPPED_LATER));
        abandon(CLOSED_BY_TASK, () -> {
            // as a careful program does that learns that nobody waits any more
            try (Careful segment = loadCareful("closed-by-task", CLOSED_BY_TASK)) {
                check(segment.order.bytes == 60_006);
            }
            return null;
        });
        abandon(DESTROY, () -> loadHandle("destroy", DESTROY));
        abandon(DROP, () -> {
            store.loadInto("drop", DROP);
            return null;
        });
        abandonDatabase();
        System.out.println("waiting");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); !line.equals("end"); line = in.readLine()) {
            ((Segment) REGISTRY.remove("closed-later")).close();
            REGISTRY.remove("dropped-later");
            // once this one is disposed of, a collection has found out about those
            abandon(AFTER, () -> Engine.load("after", AFTER));
        }
        check(((Segment) REGISTRY.get("published")).memory.limit() == 60_002 && ((Segment) REGISTRY.get("part")).memory.limit() == 60_003);
        for (Order order : new Order[] {ORPHAN, PUBLISHED, PART, CLOSED_LATER, DROPPED_LATER, CLOSED_BY_TASK, AFTER, DESTROY, DROP, SHUTDOWN}) {
            System.out.println(order.name + " closed " + order.closes.get());
        }
        System.out.println("segments " + store.segments.size());
    }

    /** The thread is the database's and not the load's: it is started by another one. */
    private static void abandonDatabase() throws Exception {
        Thread[] started = {null};
        abandon(SHUTDOWN, () -> openDatabase("shutdown", SHUTDOWN, started));
        while (started[0] == null) {
            Thread.onSpinWait();
        }
        started[0].start();
    }

    private static void abandon(Order order, Callable<?> load) throws Exception {
        Future<?> future = POOL.submit(load);
        try {
            future.get(20, TimeUnit.MILLISECONDS);
            throw new AssertionError();
        } catch (TimeoutException expected) {
            order.open();
        }
        Engine.await(order.ended);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }

    private static void check(boolean truth) {
        if (!truth) {
            throw new AssertionError();
        }
    }
}
