package scenario;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Loads that have queued tasks behind others, made a pool of their own, or go round in a loop, when their future is cancelled. A line on stdin names the next
 * one, the line "go" lets go what still waits.
 */
public final class Queued {
    private static final CountDownLatch GO = new CountDownLatch(1);
    private static final CountDownLatch LATE = new CountDownLatch(1);
    private static final ExecutorService BUSY = Executors.newFixedThreadPool(1, Queued::daemon);

    private static volatile CountDownLatch begun;
    private static volatile CountDownLatch cancelled;
    private static volatile Future<String> shared;
    private static volatile ExecutorService own;
    private static volatile Object seen = "nothing";
    private static volatile boolean end;

    private Queued() { }

    private static final Map<String, Callable<Object>> BODIES = Map.of(
        "waits-for-its-own", Queued::queue,
        "shared", Queued::shared,
        "own-pool", Queued::ownPool,
        "waits-until-go", Queued::queue,
        "queues-late", Queued::queueLate,
        "loop", Queued::loop,
        "loop-until-go", Queued::loop,
        "initializer", () -> Initialised.VALUE);

    private static final Set<String> BEGIN_AT_ONCE = Set.of("queues-late", "loop", "loop-until-go");

    /** Nothing may be thrown in its initializer: the class would be lost for the whole JVM. */
    private static final class Initialised {
        static final Object VALUE = begin() == null ? null : "a value";

        private Initialised() { }

        private static Object begin() {
            begun.countDown();
            return loop();
        }
    }

    /** Watched. */
    static Object load(String kind) throws Exception {
        if (BEGIN_AT_ONCE.contains(kind)) {
            begun.countDown();
        }
        return BODIES.get(kind).call();
    }

    public static void main(String[] args) throws Exception {
        BUSY.submit(() -> Engine.await(GO));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String kind = in.readLine(); !kind.equals("end"); kind = in.readLine()) {
            run(kind, in);
        }
    }

    private static void run(String kind, BufferedReader in) throws Exception {
        begun = new CountDownLatch(1);
        cancelled = new CountDownLatch(1);
        CompletableFuture<String> outcome = new CompletableFuture<>();
        CompletableFuture<Void> carrier = CompletableFuture.runAsync(() -> outcome.complete(outcome(kind)), Executors.newFixedThreadPool(1, Queued::daemon));
        Engine.await(begun);
        CompletableFuture<String> outsider = new CompletableFuture<>();
        if (kind.equals("shared")) {
            Thread thread = daemon(() -> outsider.complete(get(shared)));
            thread.start();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        carrier.cancel(false);
        cancelled.countDown();
        switch (kind) {
            case "shared" -> {
                in.readLine();
                GO.countDown();
                System.out.println(kind + " " + outcome.get() + " outsider " + outsider.get());
            }
            case "own-pool" -> {
                in.readLine();
                ThreadPoolExecutor pool = (ThreadPoolExecutor) own;
                while (pool.allowsCoreThreadTimeOut()) {
                    Thread.onSpinWait();
                }
                System.out.println(kind + " " + outcome.get() + " threads " + pool.getPoolSize() + " " + pool.allowsCoreThreadTimeOut() + " "
                    + pool.getKeepAliveTime(TimeUnit.SECONDS) + " " + pool.submit(() -> "works").get());
                pool.shutdown();
            }
            case "queues-late" -> {
                in.readLine();
                LATE.countDown();
                in.readLine();
                GO.countDown();
                System.out.println(kind + " " + outcome.get());
            }
            case "waits-until-go", "loop-until-go", "initializer" -> {
                in.readLine();
                end = true;
                if (kind.equals("waits-until-go")) {
                    GO.countDown();
                }
                System.out.println(kind + " " + outcome.get());
                end = false;
            }
            default -> System.out.println(kind + " " + outcome.get());
        }
    }

    private static String outcome(String kind) {
        try {
            return "returned " + load(kind);
        } catch (Throwable thrown) {
            return "threw " + thrown.getClass().getSimpleName();
        }
    }

    private static String get(Future<String> future) {
        try {
            return future.get();
        } catch (CancellationException e) {
            return "cancelled";
        } catch (Exception e) {
            return e.toString();
        }
    }

    /** Is cancelled when it waits: a later look for what it has queued comes together with the last word. */
    private static Object queue() throws Exception {
        Future<String> own = BUSY.submit(() -> "has run");
        begun.countDown();
        return own.get();
    }

    private static Object queueLate() throws Exception {
        Engine.await(LATE);
        return BUSY.submit(() -> "has run").get();
    }

    /** Somebody outside waits for it as well. */
    private static Object shared() throws Exception {
        shared = BUSY.submit(() -> "has run");
        begun.countDown();
        return get(shared);
    }

    /** Never shut down, and published. */
    private static Object ownPool() throws Exception {
        own = Executors.newFixedThreadPool(2, Queued::daemon);
        own.submit(() -> seen = "task").get();
        own.submit(() -> seen = "task").get();
        begun.countDown();
        Engine.await(cancelled);
        return seen;
    }

    /** Nothing but the JVM itself can end it. */
    private static Object loop() {
        long sum = 0;
        while (!end) {
            sum++;
        }
        return sum;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }
}
