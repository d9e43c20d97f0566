package scenario;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Loads that block, or that an interrupt would do harm in, after their future was cancelled. A line on stdin names the next one; those that no interrupt
 * ends are let go by the line "go". How it came out is printed, and whether the thread is interrupted once it has left the load.
 */
public final class Interrupted {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final AtomicInteger STRAYS = new AtomicInteger();

    private static final Set<String> ENDED_BY_INTERRUPT = Set.of("sleep", "virtual", "take", "wait", "lock", "own-channel");

    private static Path directory;
    private static FileChannel channel;
    private static volatile String current;
    private static volatile Thread thread;
    private static volatile CountDownLatch begun;
    private static volatile CountDownLatch go;
    private static volatile Object seen;

    private Interrupted() { }

    private interface Body {
        void run() throws Throwable;
    }

    /** Its initializer waits, and would be lost for the whole JVM if it were interrupted. */
    static final class Holder {
        static final boolean READY = waits();

        private Holder() { }

        private static boolean waits() {
            // any sooner, and the interrupt would come before the initializer
            begun.countDown();
            try {
                go.await();
                return true;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final Map<String, Body> BODIES = Map.ofEntries(
        Map.entry("sleep", () -> Thread.sleep(60_000)),
        Map.entry("virtual", () -> Thread.sleep(60_000)),
        Map.entry("take", () -> new LinkedBlockingQueue<>().take()),
        Map.entry("wait", Interrupted::waits),
        Map.entry("lock", LOCK::lockInterruptibly),
        Map.entry("ignores", () -> seen = countInterrupts(false)),
        Map.entry("restores", () -> seen = countInterrupts(true) > 0),
        Map.entry("programs-caught", () -> seen = countInterrupts(true) > 1),
        Map.entry("programs-pending", Interrupted::busy),
        Map.entry("shared-channel", () -> readShared(0)),
        Map.entry("shared-channel-now-and-then", () -> readShared(2)),
        Map.entry("own-channel", Interrupted::readOwn),
        Map.entry("fifo-stream", Interrupted::readStream),
        Map.entry("initializer", Interrupted::initializer));

    /** Watched. */
    static void load(String kind) throws Throwable {
        thread = Thread.currentThread();
        if (!kind.equals("initializer")) {
            begun.countDown();
        }
        BODIES.get(kind).run();
    }

    /** Watched. */
    static void shortLoad(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    public static void main(String[] args) throws Exception {
        directory = Path.of(args[0]);
        channel = FileChannel.open(Files.writeString(directory.resolve("in"), "bytes"));
        LOCK.lock();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); !line.equals("end"); line = in.readLine()) {
            if (line.equals("moved-on")) {
                movedOn();
            } else {
                run(line, in);
            }
        }
    }

    private static void run(String kind, BufferedReader in) throws Exception {
        ExecutorService pool = kind.equals("virtual") ? (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null)
            : Executors.newFixedThreadPool(1);
        current = kind;
        begun = new CountDownLatch(1);
        go = new CountDownLatch(1);
        seen = "nothing";
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Future<?> future = pool.submit(() -> outcome.complete(outcome(kind) + " " + Thread.currentThread().isInterrupted()));
        Engine.await(begun);
        if (kind.startsWith("programs")) {
            thread.interrupt();
        }
        future.cancel(false);
        if (!ENDED_BY_INTERRUPT.contains(kind)) {
            in.readLine();
            go.countDown();
        }
        System.out.println(kind + " " + outcome.get() + " " + seen);
        pool.shutdown();
    }

    private static String outcome(String kind) {
        try {
            load(kind);
            return "completed";
        } catch (Throwable thrown) {
            return "threw " + thrown.getClass().getSimpleName();
        }
    }

    /** Loads that end just when they may be interrupted; what their threads do next must not be. */
    private static void movedOn() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        Random random = new Random(4);
        List<Future<?>> all = new ArrayList<>();
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            CountDownLatch running = new CountDownLatch(1);
            CompletableFuture<Void> end = new CompletableFuture<>();
            long nanos = TimeUnit.MICROSECONDS.toNanos(40_000 + random.nextInt(70_000));
            all.add(pool.submit((Callable<Boolean>) () -> {
                running.countDown();
                shortLoad(nanos);
                STRAYS.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                try {
                    Thread.sleep(2);
                } catch (InterruptedException stray) {
                    STRAYS.incrementAndGet();
                }
                return end.complete(null);
            }));
            Engine.await(running);
            all.get(i).cancel(false);
            done.add(end);
        }
        for (CompletableFuture<Void> end : done) {
            end.get();
        }
        System.out.println("moved-on strays " + STRAYS.get());
        pool.shutdown();
    }

    // ---- what loads do

    private static void waits() throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            monitor.wait();
        }
    }

    /** As code does that may not be interrupted: goes on waiting, and says so in the end. */
    private static int countInterrupts(boolean restore) {
        int interrupts = 0;
        while (true) {
            try {
                go.await();
                break;
            } catch (InterruptedException e) {
                interrupts++;
                System.out.println(current + " interrupt " + interrupts);
            }
        }
        if (restore && interrupts > 0) {
            Thread.currentThread().interrupt();
        }
        return interrupts;
    }

    private static void busy() {
        while (go.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    private static void readShared(int pauseMillis) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(5);
        while (go.getCount() > 0) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            buffer.clear();
            channel.read(buffer, 0);
        }
        seen = channel.isOpen();
    }

    private static void readOwn() throws Exception {
        try (FileChannel own = FileChannel.open(directory.resolve("fifo"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            own.read(ByteBuffer.allocateDirect(1));
        }
    }

    /** Native code, which no interrupt ends. */
    private static void readStream() throws Exception {
        CompletableFuture.runAsync(() -> {
            Engine.await(go);
            try (FileOutputStream out = new FileOutputStream(directory.resolve("fifo").toFile())) {
                out.write(7);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        try (FileInputStream stream = new FileInputStream(directory.resolve("fifo").toFile())) {
            seen = stream.read();
        }
    }

    private static void initializer() throws Exception {
        seen = Holder.READY;
        Thread.sleep(60_000);
    }
}
