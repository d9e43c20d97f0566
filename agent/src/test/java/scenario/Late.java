package scenario;

import scenario.Engine.Order;

import javax.management.Attribute;
import javax.management.ObjectName;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Loads that end together after their callers have given up, each with a result and a handle of its own; the last one has published its result. Arguments: how many, and
 * what the program does meanwhile: {@code asks} for collections, {@code allocates}, or {@code waits}. "more" on stdin gives up one more, "again" sets Ebb's mode to rollback before that;
 * "end" ends it.
 */
public final class Late {
    private static final List<Segment> PUBLISHED = new ArrayList<>();
    private static final Deque<Object> GARBAGE = new ArrayDeque<>();

    private Late() { }

    /** Tracked. */
    static final class Handle implements AutoCloseable {
        private final Order order;

        Handle(Order order) {
            this.order = order;
        }

        @Override
        public void close() {
            order.closes.addAndGet(100);
        }
    }

    static final class Result extends Segment {
        final Handle handle;

        Result(Order order) {
            super(order.bytes, order.closes);
            handle = new Handle(order);
        }
    }

    /** Watched. */
    static Result load(String name, Order order) {
        Result result = new Result(order);
        Engine.await(order.mayEnd);
        return result;
    }

    static Result publish(String name, Order order) {
        Result result = load(name, order);
        PUBLISHED.add(result);
        return result;
    }

    public static void main(String[] args) throws Exception {
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            orders.add(new Order("late-" + i, 100_000 + i));
        }
        giveUp(orders, new Order("published", 100_999));
        background(args[1]);
        System.out.println("waiting");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); !line.equals("end"); line = in.readLine()) {
            if (line.equals("again")) {
                ManagementFactory.getPlatformMBeanServer().setAttribute(new ObjectName("dev.ebb:type=Ebb"), new Attribute("Mode", "rollback"));
            }
            Order order = new Order("again", 100_998);
            giveUp(List.of(order), new Order("published again", 100_997));
            orders.add(order);
        }
        int closed = 0;
        for (Order order : orders) {
            closed += order.closes.get();
        }
        System.out.println("closed " + closed + " published " + PUBLISHED.get(0).memory.limit());
    }

    private static void giveUp(List<Order> orders, Order published) throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool(Late::daemon);
        List<Future<?>> futures = new ArrayList<>();
        for (Order order : orders) {
            futures.add(pool.submit(() -> load(order.name, order)));
        }
        futures.add(pool.submit(() -> publish(published.name, published)));
        for (Future<?> future : futures) {
            try {
                future.get(5, TimeUnit.MILLISECONDS);
                throw new AssertionError();
            } catch (TimeoutException expected) {
                // nobody comes back
            }
        }
        orders.forEach(Order::open);
        published.open();
    }

    private static void background(String way) {
        switch (way) {
            case "asks" -> daemon(() -> repeat(100, System::gc)).start();
            case "allocates" -> daemon(() -> repeat(1, Late::allocate)).start();
            default -> { }
        }
    }

    /** As much as a busy service, some of which grows old before it is garbage. */
    private static void allocate() {
        for (int i = 0; i < 10; i++) {
            GARBAGE.add(new byte[10_000]);
            if (GARBAGE.size() > 1_000) {
                GARBAGE.poll();
            }
        }
    }

    private static void repeat(long millis, Runnable work) {
        while (!Thread.interrupted()) {
            work.run();
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario");
        thread.setDaemon(true);
        return thread;
    }
}
