package scenario.ledgers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A thousand loads at any time, each taking and giving back at random in random threads: arguments are a directory, seconds, loads at once, loads in a
 * thousand that time out or are abandoned or cancelled, and a seed. Prints an account of each load; reads from stdin the label of each load whose end is in
 * Ebb's log.
 */
public final class Soak {
    private final List<Kind> kinds;
    private final List<Route> routes;
    private final Place place;
    private final int atOnce;
    private final int badPerMille;
    private final ExecutorService callers = Executors.newCachedThreadPool(Threads::daemon);
    private final ExecutorService releasers = Executors.newFixedThreadPool(2, Threads::daemon);
    private final ConcurrentHashMap<String, SoakLoad> waiting = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> taken = new TreeMap<>();
    /** Loads that have begun and whose survivors are not given back yet. */
    private final Semaphore room;
    private final int roomInAll;
    private final CyclicBarrier allOpen;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();

    Soak(Path directory, int atOnce, int badPerMille, List<Kind> kinds, List<Route> routes) throws IOException {
        this.kinds = kinds;
        this.routes = routes.stream().filter(route -> !route.child()).toList();
        this.atOnce = atOnce;
        this.badPerMille = badPerMille;
        place = new Place(directory);
        roomInAll = 3 * atOnce;
        room = new Semaphore(roomInAll);
        allOpen = new CyclicBarrier(atOnce);
        kinds.forEach(kind -> taken.put(kind.name(), new LongAdder()));
    }

    public static void main(String[] args) throws Exception {
        run(args, Kinds.all(), new Routes(false).all());
    }

    static void run(String[] args, List<Kind> kinds, List<Route> routes) throws Exception {
        new Soak(Path.of(args[0]), Integer.parseInt(args[2]), Integer.parseInt(args[3]), kinds, routes).run(Long.parseLong(args[1]), Long.parseLong(args[4]));
    }

    // ---- for the loads

    List<Kind> kinds() {
        return kinds;
    }

    List<Route> routes() {
        return routes;
    }

    Place place() {
        return place;
    }

    ExecutorService callers() {
        return callers;
    }

    int badPerMille() {
        return badPerMille;
    }

    void count(Kind kind) {
        taken.get(kind.name()).increment();
    }

    /** The first loads of all threads wait for each other, so that as many as asked for are certainly open at once. */
    void begun(long number) throws Exception {
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
        if (number <= atOnce) {
            allOpen.await(2, TimeUnit.MINUTES);
        }
    }

    void ending() {
        open.decrementAndGet();
    }

    /** It has ended, and Ebb has said so. */
    void over(SoakLoad load) {
        waiting.remove(load.label());
        releasers.execute(() -> Threads.done(() -> {
            load.giveBackSurvivors();
            room.release();
        }));
    }

    // ---- the soak

    private void run(long forSeconds, long seed) throws Exception {
        long before = usedHeap();
        Thread listener = Threads.daemon(() -> Threads.done(this::listen));
        listener.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(forSeconds);
        ExecutorService loaders = Executors.newFixedThreadPool(atOnce, Threads::daemon);
        for (int i = 0; i < atOnce; i++) {
            loaders.execute(() -> {
                try {
                    do {
                        loadOnce(seed);
                    } while (System.nanoTime() < end);
                } catch (Throwable t) {
                    t.printStackTrace();
                }
            });
        }
        loaders.shutdown();
        check(loaders.awaitTermination(forSeconds + 240, TimeUnit.SECONDS), "loaders go on");
        check(room.tryAcquire(roomInAll, 120, TimeUnit.SECONDS), "not said: " + waiting.keySet().stream().limit(20).toList());
        System.out.println("loads " + numbers.get() + " at once " + most.get());
        System.out.println("taken " + taken);
        System.out.println("heap before " + before + " after " + usedHeap());
        System.out.println("done");
    }

    /** Bytes that are reachable, or not far from it. */
    private static long usedHeap() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(100);
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private void loadOnce(long seed) throws Exception {
        room.acquire();
        SoakLoad load = new SoakLoad(this, numbers.incrementAndGet(), seed);
        waiting.put(load.label(), load);
        load.run();
    }

    private void listen() throws IOException {
        BufferedReader said = new BufferedReader(new InputStreamReader(System.in));
        for (String label = said.readLine(); label != null; label = said.readLine()) {
            SoakLoad load = waiting.get(label);
            if (load != null) {
                load.said();
            }
        }
    }

    private static void check(boolean truth, String otherwise) {
        if (!truth) {
            throw new AssertionError(otherwise);
        }
    }
}
