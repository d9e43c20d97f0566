package scenario;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** One load is given up in a program that goes on loading, and whose callers time out on other futures, all the time: also while a collection marks beside it. A line on stdin ends it. */
public final class Busy {
    private static final ExecutorService POOL = Executors.newCachedThreadPool(Busy::daemon);

    private Busy() { }

    public static void main(String[] args) throws Exception {
        Order good = new Order("good");
        POOL.submit(() -> Engine.load("good", good.order)).get().close();
        Order late = new Order("late");
        giveUp(late);
        daemon(() -> forever(Busy::loadWell)).start();
        FutureTask<Void> never = new FutureTask<>(() -> null);
        daemon(() -> forever(() -> timeOut(never))).start();
        late.order.mayEnd.countDown();
        System.in.read();
        System.out.println("late closed " + late.order.closes);
    }

    private record Order(Engine.Order order) {
        Order(String name) {
            this(new Engine.Order(name, 50_000));
            if (!name.equals("late")) {
                order.open();
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void forever(Work work) {
        try {
            while (true) {
                work.run();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void loadWell() throws Exception {
        POOL.submit(() -> Engine.load("good", new Order("good").order)).get().close();
    }

    private static void giveUp(Order late) throws Exception {
        Future<Segment> future = POOL.submit(() -> Engine.load("late", late.order));
        Engine.await(late.order.begun);
        timeOut(future);
    }

    private static void timeOut(Future<?> future) throws Exception {
        try {
            future.get(1, TimeUnit.MILLISECONDS);
            throw new AssertionError();
        } catch (TimeoutException expected) {
            // again and again
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }
}
