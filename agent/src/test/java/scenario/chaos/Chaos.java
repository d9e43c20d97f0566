package scenario.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Loads of all sorts, many at once, that come to all sorts of ends, while readers verify everything that the program uses. It keeps account of what has to
 * become of each and ends with 1 at the first fault: a wrong byte, a close that nobody asked for, a second close, an interrupt or error that met somebody
 * else, a load that was not undone, a file that is gone or left.
 */
public final class Chaos {
    private static final int CALLERS = 6;
    private static final int READERS = 2;
    private static final int SEGMENTS = 96;

    private Chaos() { }

    /** @param args a directory of its own; seconds; seed; "dirty" if failures are rolled back */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        long seed = Long.parseLong(args[2]);
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[1]));
        Path files = Files.createDirectories(directory.resolve("files"));
        Store store = new Store(SEGMENTS);
        Accounts accounts = new Accounts(directory.resolve("account"));
        ExecutorService[] pools = pools();
        List<Thread> threads = new ArrayList<>();
        try (FileChannel shared = shared(directory.resolve("shared")); Samples samples = new Samples(directory.resolve("samples.csv"), accounts)) {
            Engine engine = new Engine(files, shared, Executors.newFixedThreadPool(2, work -> daemon(work, "chaos-helpers")), store);
            for (int i = 0; i < CALLERS; i++) {
                Caller caller = new Caller(engine, store, accounts, pools, args.length > 3 && args[3].equals("dirty"), seed + 1_000_003L * i);
                threads.add(start("chaos-caller", () -> callUntil(caller, endNanos)));
            }
            for (int i = 0; i < READERS; i++) {
                long readerSeed = seed - i;
                threads.add(start("chaos-reader", () -> store.read(readerSeed)));
            }
            threads.add(start("chaos-innocent", () -> bystander(pools, shared, endNanos)));
            for (Thread thread : threads.subList(0, CALLERS)) {
                join(thread, samples);
            }
            end(store, engine, accounts, samples, files);
            System.out.println(samples.summary());
        }
        accounts.close();
        System.out.println(accounts.counts());
        System.out.println((Sound.isLost() ? "LOST" : "SOUND") + " loads " + accounts.loads() + " checks " + Sound.CHECKS);
        System.exit(Sound.isLost() ? 1 : 0);
    }

    private static void end(Store store, Engine engine, Accounts accounts, Samples samples, Path files) throws Exception {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(240);
        while (!accounts.allUndone() && System.nanoTime() < limit && !Sound.isLost()) {
            samples.take();
            TimeUnit.MILLISECONDS.sleep(200);
        }
        Sound.check(accounts.allUndone(), "loads are not undone at the end: " + accounts.pending());
        store.close();
        engine.close();
        List<String> left = left(files, accounts);
        while (!left.isEmpty() && System.nanoTime() < limit && !Sound.isLost()) {
            TimeUnit.MILLISECONDS.sleep(200);
            left = left(files, accounts);
        }
        Sound.check(left.isEmpty(), "files are left: " + left);
    }

    private static List<String> left(Path files, Accounts accounts) throws IOException {
        try (Stream<Path> all = Files.list(files)) {
            return all.map(file -> file.getFileName().toString()).filter(file -> !accounts.mayBeLeft(file)).toList();
        }
    }

    private static ExecutorService[] pools() throws ReflectiveOperationException {
        List<ExecutorService> pools = new ArrayList<>();
        pools.add(Executors.newFixedThreadPool(3, work -> daemon(work, "chaos-pool")));
        pools.add(Executors.newCachedThreadPool(work -> daemon(work, "chaos-cached")));
        if (Runtime.version().feature() >= 21) {
            pools.add((ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
        }
        return pools.toArray(new ExecutorService[0]);
    }

    private static FileChannel shared(Path file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(16 * 1_024);
        for (int i = 0; i < content.limit() / 8; i++) {
            content.putLong(8 * i, i);
        }
        Files.write(file, content.array());
        return FileChannel.open(file);
    }

    private static void callUntil(Caller caller, long endNanos) {
        try {
            while (System.nanoTime() < endNanos && !Sound.isLost()) {
                caller.call();
            }
        } catch (Throwable t) {
            Sound.wrong(t);
        }
    }

    /** Tasks in the same pools that are no loads: nobody may stop or interrupt them. */
    private static void bystander(ExecutorService[] pools, FileChannel shared, long endNanos) {
        try {
            while (System.nanoTime() < endNanos && !Sound.isLost()) {
                for (ExecutorService pool : pools) {
                    pool.submit(() -> {
                        Sound.check(!Thread.interrupted(), "an interrupt of before is left");
                        TimeUnit.MILLISECONDS.sleep(2);
                        return shared.read(ByteBuffer.allocateDirect(64), 0);
                    }).get();
                }
            }
        } catch (Throwable t) {
            Sound.wrong(t);
        }
    }

    private static void join(Thread thread, Samples samples) throws Exception {
        while (thread.isAlive()) {
            thread.join(1_000);
            samples.take();
        }
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = daemon(work, name);
        thread.start();
        return thread;
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
