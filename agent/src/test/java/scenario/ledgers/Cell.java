package scenario.ledgers;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One load: takes one kind of thing by one route, and ends in one way. */
final class Cell {
    private static final int SMALLEST = 4_099;

    private final Kind kind;
    private final Route route;
    private final Ending ending;
    private final String label;
    private final int size;
    private final Place place;
    private final ExecutorService callers;
    private final Account account = new Account();
    /** Of the load inside the load, if the route has one. */
    private final Account child = new Account();
    private final CountDownLatch taken = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Taken held;

    /** @param number tells the sizes of all cells of one kind apart; @param callers threads that loads may be called in, and that may be kept waiting */
    Cell(Kind kind, Route route, Ending ending, int number, Place place, ExecutorService callers) {
        this.kind = kind;
        this.route = route;
        this.ending = ending;
        this.place = place;
        this.callers = callers;
        label = ending.label() + "/" + kind.name() + "/" + route.name();
        size = SMALLEST + 7 * number + (kind.kept() == Figure.HEAP ? Kinds.HEAP_AT_LEAST : 0);
    }

    /** Returns when the load has ended, or stands where it waits for {@link #end}. */
    void run() throws Exception {
        account.add(Figure.THREADS_BORN, route.threadsBorn());
        switch (ending) {
            case COMPLETED, GIVEN_BACK_INSIDE -> Loads.load(label, this::body);
            case GIVEN_BACK_BY_ANOTHER -> {
                Loads.load(label, this::body);
                giveBack();
                mayEnd.countDown();
            }
            case FAILED -> throwing(new IllegalStateException("of the scenario"));
            case THREW_A_TIMEOUT -> throwing(new TimeoutException("of the scenario"));
            case PASSED_ITS_DEADLINE -> {
                callers.execute(() -> Threads.done(() -> Loads.limited(label, this::waitingBody)));
                Threads.await(taken);
            }
            case ABANDONED -> {
                abandon();
                letEnd();
                if (kind.count() == Figure.THREADS_ALIVE) {
                    // no load is proven to be abandoned while somebody works for it
                    giveBack();
                }
            }
            case CANCELLED -> {
                Future<?> future = callers.submit(Threads.callable(() -> Loads.load(label, this::waitingBody)));
                Threads.await(taken);
                check(future.cancel(false));
            }
        }
    }

    /** The end of a load that waits for it, and of what any load has kept. */
    void end() throws Exception {
        letEnd();
        if (kind.back() == Kind.Back.ANYBODY) {
            giveBack();
        }
    }

    void print() {
        System.out.println("account " + label + " " + ending.outcome + " " + account);
        if (route.child()) {
            System.out.println("account " + label + "/child completed " + child);
        }
    }

    private void body() throws Exception {
        route.run().run(route.child() ? () -> Loads.load(label + "/child", this::take) : this::take);
    }

    private void waitingBody() throws Exception {
        body();
        taken.countDown();
        Threads.await(mayEnd);
        ended.countDown();
    }

    private void take() throws Exception {
        held = kind.take(place, size, route.child() ? child : account);
        if (ending == Ending.GIVEN_BACK_INSIDE) {
            giveBack();
        } else if (ending == Ending.GIVEN_BACK_BY_ANOTHER) {
            // a task of the load, which keeps it open
            callers.submit(Threads.callable(() -> Threads.await(mayEnd)));
        }
    }

    private void throwing(Exception how) throws Exception {
        try {
            Loads.load(label, () -> {
                body();
                throw how;
            });
        } catch (IllegalStateException | TimeoutException e) {
            check(e == how);
        }
    }

    private void abandon() throws Exception {
        Future<?> future = callers.submit(Threads.callable(() -> Loads.load(label, this::waitingBody)));
        Threads.await(taken);
        try {
            future.get(1, TimeUnit.MILLISECONDS);
            throw new AssertionError();
        } catch (TimeoutException expected) {
            // it waits
        }
    }

    private void letEnd() {
        mayEnd.countDown();
        if (ending == Ending.PASSED_ITS_DEADLINE || ending == Ending.ABANDONED || ending == Ending.CANCELLED) {
            Threads.await(ended);
        }
    }

    private void giveBack() throws Exception {
        Taken what = held;
        held = null;
        if (what != null) {
            what.giveBack();
        }
    }

    private static void check(boolean truth) {
        if (!truth) {
            throw new AssertionError();
        }
    }
}
