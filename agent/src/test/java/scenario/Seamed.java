package scenario;

import dev.ebb.testing.NativeBlocks;
import dev.ebb.testing.Seams;
import scenario.Engine.Order;

import javax.management.Attribute;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Loads of all that hooks hear of, round after round, while in each round one seam of Ebb fails: a good load, one that is given up, now and then one that is
 * given up and has published its result, and one that waits to be interrupted. Says which failure
 * made the program see anything else than without Ebb. Arguments: directory, first failure, how many apart they are, limit of failures; the failures are each seam that was reached, in each way.
 */
public final class Seamed {
    private static final long CLOSED_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final int BYTES = 1 << 20;
    private static final NativeBlocks BLOCKS = new NativeBlocks();
    private static final List<Published> PUBLISHED = new ArrayList<>();
    private static Path directory;
    private static ExecutorService pool;
    private static ScheduledExecutorService timer;
    private static int rounds;

    private Seamed() { }

    /** What is published stays in use. */
    private record Published(Segment segment, AtomicInteger closes, int round) { }

    /** Tracked. */
    static final class Handle implements AutoCloseable {
        private final AtomicInteger closes;

        Handle(AtomicInteger closes) {
            this.closes = closes;
        }

        @Override
        public void close() {
            closes.addAndGet(100);
        }
    }

    static final class Result extends Segment {
        final Handle handle;
        final long digest;

        Result(Order order, long digest) {
            super(order.bytes, order.closes);
            this.handle = new Handle(order.closes);
            this.digest = digest;
            fill(memory, order.bytes);
        }
    }

    // ---- watched

    static Result load(String name, Order order) throws Exception {
        return new Result(order, work(name));
    }

    static Result late(String name, Order order) throws Exception {
        Files.write(directory.resolve(name + ".late"), new byte[] {1});
        Result result = new Result(order, 0);
        Engine.await(order.mayEnd);
        return result;
    }

    /** Ends as soon as it is interrupted. */
    static Result block(String name, Order order) throws Exception {
        Result result = new Result(order, 0);
        order.mayEnd.await();
        return result;
    }

    static Result publish(String name, Order order, int round) throws Exception {
        Result result = new Result(order, 0);
        Engine.await(order.mayEnd);
        synchronized (PUBLISHED) {
            PUBLISHED.add(new Published(result, order.closes, round));
        }
        return result;
    }

    static void release(Result result) {
        result.handle.close();
        result.close();
    }

    // ---- what they do

    /** The same number each time, whatever Ebb does. */
    private static long work(String name) throws Exception {
        Path file = directory.resolve(name + ".bin");
        long sum = 0;
        Files.write(file, new byte[] {1, 2, 3, 4});
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096);
            sum += mapped.get(2);
            channel.write(ByteBuffer.wrap(new byte[] {5}), 4096);
            sum += channel.size();
        }
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw"); FileInputStream in = new FileInputStream(file.toFile())) {
            access.setLength(8192);
            sum += in.read();
        }
        Path renamed = Files.move(file, file.resolveSibling(name + ".moved"));
        Path temporary = Files.createTempFile(directory, "work", ".tmp");
        sum += Files.size(renamed) + Files.size(temporary);
        Files.delete(temporary);
        Files.delete(renamed);
        Files.write(directory.resolve(name + ".keep"), new byte[] {1, 2});
        AtomicInteger ran = new AtomicInteger();
        Thread thread = new Thread(() -> ran.addAndGet(ByteBuffer.allocateDirect(100).capacity()));
        thread.start();
        thread.join();
        sum += ran.get();
        List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2, () -> 3);
        for (Future<Integer> future : pool.invokeAll(tasks)) {
            sum += future.get();
        }
        CountDownLatch raw = new CountDownLatch(1);
        pool.execute(raw::countDown);
        raw.await();
        sum += CompletableFuture.supplyAsync(() -> 4, pool).thenApply(i -> i + 1).thenCombine(CompletableFuture.supplyAsync(() -> 5), Integer::sum).get(10, TimeUnit.SECONDS);
        sum += timer.schedule(() -> 6, 1, TimeUnit.MILLISECONDS).get();
        sum += IntStream.range(0, 64).parallel().map(i -> 1).sum();
        Future<?> cancelled = timer.schedule(() -> 7, 1, TimeUnit.HOURS);
        sum += cancelled.cancel(true) ? 8 : 0;
        BLOCKS.free(BLOCKS.allocate(1000));
        ExecutorService own = Executors.newSingleThreadExecutor();
        sum += own.submit(() -> 9).get();
        own.shutdown();
        sum += own.awaitTermination(10, TimeUnit.SECONDS) ? 10 : 0;
        return sum;
    }

    private static void fill(ByteBuffer memory, int seed) {
        for (int i = 0; i + 8 <= memory.capacity(); i += 4096) {
            memory.putLong(i, seed + i);
        }
    }

    private static boolean isWhole(ByteBuffer memory, int seed) {
        for (int i = 0; i + 8 <= memory.capacity(); i += 4096) {
            if (memory.getLong(i) != seed + i) {
                return false;
            }
        }
        return true;
    }

    // ---- rounds

    public static void main(String[] args) throws Exception {
        directory = Path.of(args[0]);
        int first = Integer.parseInt(args[1]);
        int apart = Integer.parseInt(args[2]);
        int limit = Integer.parseInt(args[3]);
        pool = Executors.newFixedThreadPool(3, Seamed::daemon);
        timer = Executors.newScheduledThreadPool(1, Seamed::daemon);
        long expected = round(CLOSED_NANOS);
        for (int i = 0; i < 4; i++) {
            check("without a failure", expected, round(CLOSED_NANOS));
        }
        List<String> seams = Seams.named(true);
        System.out.println("reached " + seams.size());
        Seams.named(false).forEach(seam -> System.out.println("not reached " + seam));
        int all = seams.size() * Seams.Kind.values().length;
        int made = 0;
        int unmade = 0;
        int uncounted = 0;
        for (int i = first; i < all && made < limit; i += apart) {
            String seam = seams.get(i % seams.size());
            Seams.Kind kind = Seams.Kind.values()[i / seams.size()];
            String failure = kind + " at " + seam;
            System.out.println("next " + i + " " + failure);
            long troubles = Seams.troubles();
            Seams.arm(seam, kind);
            try {
                check(failure, expected, round(ROUND_NANOS));
            } catch (Throwable t) {
                System.out.println("WRONG " + failure + ": " + t);
                t.printStackTrace();
            }
            if (!Seams.disarm()) {
                unmade++;
                System.out.println("unmade " + failure);
                continue;
            }
            made++;
            if (kind != Seams.Kind.HANG && !isCounted(troubles, kind)) {
                uncounted++;
                System.out.println("uncounted " + failure);
            }
            if (!mode().equals("rollback")) {
                switchOn();
                if (!mode().equals("rollback")) {
                    System.out.println("observes " + failure);
                    finish(i, apart, made, unmade, uncounted, false);
                    return;
                }
            }
            if (made % 10 == 0 && mode().equals("rollback") && !recovers()) {
                System.out.println("WRONG nothing is rolled back any more, latest after " + failure);
            }
        }
        finish(all, apart, made, unmade, uncounted, true);
    }

    /** It may have failed in Ebb's own thread just now, which has no processor at once. What is for want of memory or stack need not be counted, and is not waited for. */
    private static boolean isCounted(long before, Seams.Kind kind) throws InterruptedException {
        boolean wants = kind == Seams.Kind.OUT_OF_MEMORY || kind == Seams.Kind.STACK_OVERFLOW;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wants ? 300 : 20_000);
        while (Seams.troubles() == before && System.nanoTime() - end < 0) {
            Thread.sleep(3);
        }
        return Seams.troubles() > before;
    }

    private static void finish(int last, int apart, int made, int unmade, int uncounted, boolean rollsBack) throws Exception {
        if (rollsBack && !recovers()) {
            System.out.println("WRONG nothing is rolled back at the end");
        }
        looksWhole();
        List<String> ours = Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name -> name.startsWith("ebb")).sorted().toList();
        System.out.println("end " + (rollsBack ? "all" : last + apart) + " made " + made + " unmade " + unmade + " uncounted " + uncounted + " rounds " + rounds + " threads " + ours);
    }

    private static boolean recovers() throws Exception {
        switchOn();
        for (int i = 0; i < 2; i++) {
            Order order = new Order("recovers-" + rounds + "-" + i, BYTES);
            giveUp(order, () -> late(order.name, order));
            order.open();
            if (awaitClosed(order, CLOSED_NANOS)) {
                Files.deleteIfExists(directory.resolve(order.name + ".late"));
                return true;
            }
        }
        return false;
    }

    private static void check(String failure, long expected, long digest) {
        if (expected != digest) {
            throw new AssertionError("the loads computed " + digest + " and not " + expected);
        }
    }

    /** @return what its good load computed */
    private static long round(long most) throws Exception {
        int round = rounds++;
        Order good = new Order("good-" + round, BYTES + 4096);
        Future<Result> loading = pool.submit(() -> load(good.name, good));
        Order late = new Order("late-" + round, BYTES);
        Order published = new Order("published-" + round, BYTES - 4096);
        giveUp(late, () -> late(late.name, late));
        Order blocked = new Order("blocked-" + round, BYTES - 8192);
        if (round % 8 == 0) {
            giveUp(published, () -> publish(published.name, published, round));
            giveUp(blocked, () -> block(blocked.name, blocked));
        }
        Result result = loading.get(30, TimeUnit.SECONDS);
        late.open();
        published.open();
        awaitClosed(late, most);
        looksWhole();
        blocked.open();
        if (Files.size(directory.resolve(good.name + ".keep")) != 2) {
            throw new AssertionError("a good load's file was touched");
        }
        Files.delete(directory.resolve(good.name + ".keep"));
        if (!isWhole(result.memory, good.bytes) || good.closes.get() != 0) {
            throw new AssertionError("a good load's result was touched: closes " + good.closes);
        }
        release(result);
        // what a failure has kept Ebb from deleting
        Files.deleteIfExists(directory.resolve(late.name + ".late"));
        if (good.closes.get() != 101) {
            throw new AssertionError("a good load's result was closed by others, too: " + good.closes);
        }
        int closes = late.closes.get();
        if (closes != 0 && closes != 1 && closes != 100 && closes != 101) {
            throw new AssertionError("closed more than once: " + closes);
        }
        return result.digest;
    }

    private static void giveUp(Order order, Callable<Result> load) throws InterruptedException, ExecutionException {
        // one that nobody else uses: all tasks of the others are to run
        ExecutorService lent = Executors.newSingleThreadExecutor(Seamed::daemon);
        Future<Result> future = lent.submit(load);
        order.begun.countDown();
        try {
            future.get(5, TimeUnit.MILLISECONDS);
            throw new AssertionError("it had to wait");
        } catch (TimeoutException expected) {
            // nobody comes back
        }
        lent.shutdown();
    }

    /** Ebb closes result and handle. */
    private static boolean awaitClosed(Order order, long most) throws InterruptedException {
        long end = System.nanoTime() + most;
        while (order.closes.get() != 101 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        return order.closes.get() == 101;
    }

    private static void looksWhole() {
        synchronized (PUBLISHED) {
            for (Published one : PUBLISHED) {
                if (one.closes.get() != 0 || !isWhole(one.segment.memory, BYTES - 4096)) {
                    throw new AssertionError("what was published in round " + one.round + " was touched: closes " + one.closes);
                }
            }
        }
    }

    private static String mode() throws Exception {
        return (String) server().getAttribute(new ObjectName("dev.ebb:type=Ebb"), "Mode");
    }

    /** As its log says that one can. */
    private static void switchOn() throws Exception {
        try {
            server().setAttribute(new ObjectName("dev.ebb:type=Ebb"), new Attribute("Mode", "rollback"));
        } catch (RuntimeMBeanException refused) {
            if (!refused.getCause().getMessage().startsWith("Ebb may have missed a thread inside a load")) {
                throw refused;
            }
        }
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "seamed");
        thread.setDaemon(true);
        return thread;
    }
}
