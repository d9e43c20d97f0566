package scenario;

import scenario.Engine.Order;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An engine whose results share an environment that the first of them makes, as RocksDB's do; a result's close leaves it open. The first load runs on the
 * caller's own thread and has ended before anybody can look at it while it runs. "go on" on stdin begins the second, a late one; "end" ends it.
 */
public final class SharedEnvironment {
    private static final ExecutorService POOL = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    });

    private SharedEnvironment() { }

    static final class Environment implements AutoCloseable {
        private static final AtomicReference<Environment> DEFAULT = new AtomicReference<>();

        private volatile boolean closed;

        static Environment shared() {
            Environment made = new Environment();
            return DEFAULT.compareAndSet(null, made) ? made : DEFAULT.get();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    static final class Database extends Segment {
        final Environment environment = Environment.shared();

        Database(Order order) {
            super(order.bytes, order.closes);
        }
    }

    /** The watched method. */
    static Database open(String name, Order order) {
        Database database = new Database(order);
        Engine.await(order.mayEnd);
        order.ended.countDown();
        return database;
    }

    public static void main(String[] args) throws Exception {
        Order good = new Order("good", 60_011).open();
        Order late = new Order("late", 60_012);
        Database kept = open("good", good);
        System.out.println("opened");
        while (System.in.read() != '\n') { }
        Future<Database> future = POOL.submit(() -> open("late", late));
        try {
            future.get(20, TimeUnit.MILLISECONDS);
            throw new AssertionError();
        } catch (TimeoutException expected) {
            late.open();
        }
        future = null;
        System.out.println("waiting");
        while (System.in.read() != '\n') { }
        System.out.println("good closed " + good.closes.get());
        System.out.println("late closed " + late.closes.get());
        System.out.println("environment closed " + kept.environment.closed);
    }
}
