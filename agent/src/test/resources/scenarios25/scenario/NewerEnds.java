package scenario;

import scenario.Engine.Order;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;

/** How loads end in structured scopes, in the form of JDK 25. */
public final class NewerEnds {
    private static final List<Order> ORDERS = new ArrayList<>();

    private NewerEnds() { }

    interface Work {
        void run() throws Exception;
    }

    /** Watched: what is forked in it belongs to it. */
    static void outer(String name, Work work) throws Exception {
        work.run();
    }

    public static void main(String[] args) throws Exception {
        wanted(order("wanted-1", 58_001), order("wanted-2", 58_002));
        siblingFails(order("beside-failing", 58_003));
        firstOf(order("first", 58_004), order("second", 58_005));
        timesOut(order("limited", 58_006));
        timesOutInside(order("inside", 58_007));
        System.out.println("waiting");
        System.in.read();
        for (Order order : ORDERS) {
            System.out.println(order.name + " closed " + order.closes.get());
        }
    }

    private static Order order(String name, int bytes) {
        Order order = new Order(name, bytes);
        ORDERS.add(order);
        return order;
    }

    private static void wanted(Order one, Order other) throws Exception {
        try (StructuredTaskScope<Object, Void> scope = StructuredTaskScope.open()) {
            Subtask<Segment> first = scope.fork(() -> Engine.load(one.name, one.open()));
            Subtask<Segment> second = scope.fork(() -> Engine.load(other.name, other.open()));
            scope.join();
            Kept.keep(first.get());
            Kept.keep(second.get());
        }
    }

    private static void siblingFails(Order order) throws Exception {
        try (StructuredTaskScope<Object, Void> scope = StructuredTaskScope.open()) {
            scope.fork(() -> Engine.load(order.name, order));
            scope.fork(() -> {
                Engine.await(order.begun);
                throw new IllegalStateException("broken");
            });
            joinFails(scope, StructuredTaskScope.FailedException.class);
            // the scope waits for it
            order.open();
        }
    }

    /** Two load the same; the one that comes first is used. */
    private static void firstOf(Order first, Order second) throws Exception {
        try (StructuredTaskScope<Segment, Segment> scope = StructuredTaskScope.open(Joiner.<Segment>anySuccessfulResultOrThrow())) {
            scope.fork(() -> Engine.load(second.name, second));
            Engine.await(second.begun);
            scope.fork(() -> Engine.load(first.name, first.open()));
            Kept.keep(scope.join());
            second.open();
        }
    }

    private static void timesOut(Order order) throws Exception {
        try (StructuredTaskScope<Segment, Void> scope = StructuredTaskScope.open(Joiner.awaitAllSuccessfulOrThrow(), limit -> limit.withTimeout(Duration.ofSeconds(3)))) {
            scope.fork(() -> Engine.load(order.name, order));
            joinFails(scope, StructuredTaskScope.TimeoutException.class);
            order.open();
        }
    }

    private static void joinFails(StructuredTaskScope<?, ?> scope, Class<? extends RuntimeException> how) throws Exception {
        try {
            scope.join();
            throw new AssertionError();
        } catch (RuntimeException expected) {
            if (!how.isInstance(expected)) {
                throw expected;
            }
        }
    }

    /** A load with a limit for what it forks: a load, and work of its own. */
    private static void timesOutInside(Order order) throws Exception {
        try {
            outer("outside", () -> {
                try (StructuredTaskScope<Object, Void> scope = StructuredTaskScope.open(Joiner.awaitAllSuccessfulOrThrow(), limit -> limit.withTimeout(Duration.ofSeconds(3)))) {
                    scope.fork(() -> Kept.direct(58_008));
                    scope.fork(() -> Engine.load(order.name, order));
                    try {
                        scope.join();
                    } finally {
                        order.open();
                    }
                }
            });
            throw new AssertionError();
        } catch (StructuredTaskScope.TimeoutException expected) {
            // its second subtask was not let to end
        }
    }
}
