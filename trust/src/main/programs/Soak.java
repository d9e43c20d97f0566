import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;

/**
 * A service that loads segments all the time, beside work of its own whose latency is measured: most loads complete, one in fifty throws, one every two seconds is given up by its caller while it goes on.
 * Without Ebb the loader itself closes what nobody wants any more, so that both runs hold the same. Run by trust/soak; prints {@code figure|NAME|VALUE} lines, and fails if anything is lost, wrong, or grows.
 */
public final class Soak {
    private static final String LOG = System.getProperty("ebb.log.file");
    private static final int PARTS = 8;
    private static final int CACHED = 16;
    private static final int MAPPED_BYTES = 1 << 20;
    private static final long TICK_NANOS = 1_000_000;
    private static final int LATENCIES = 1_000_000;
    /** Places in a sample; RSS as a whole is the first. */
    private static final int DESCRIPTORS = 1;
    private static final int THREADS = 2;
    private static final int CLASSES = 3;
    private static final int RSS_BESIDE_BUFFERS = 4;
    /** What is in the noise: caches of allocators and compilers; lambdas of rare paths; histories of bounded length. */
    private static final long MOST_RSS_MIB = 64;
    private static final long MOST_CLASSES = 60;
    private static final long MOST_HEAP_BYTES = 1 << 20;

    private static final AtomicInteger LOADS = new AtomicInteger();
    private static final AtomicInteger LATE = new AtomicInteger();
    private static final AtomicInteger LATE_CLOSED = new AtomicInteger();
    private static final AtomicInteger WRONG = new AtomicInteger();
    private static final ExecutorService POOL = Executors.newFixedThreadPool(4, Soak::daemon);
    private static final ConcurrentHashMap<Integer, Segment> CACHE = new ConcurrentHashMap<>();
    private static volatile boolean over;
    private static Path directory;

    private Soak() { }

    /** What one load makes. */
    static final class Segment implements AutoCloseable {
        private final int number;
        private final boolean late;
        private final Path file;
        private final FileChannel channel;
        private final MappedByteBuffer mapping;
        private final List<ByteBuffer> parts = new ArrayList<>();
        private boolean closed;

        Segment(int number, boolean late) throws IOException {
            this.number = number;
            this.late = late;
            file = directory.resolve("segment-" + number);
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, MAPPED_BYTES);
            for (int at = 0; at < MAPPED_BYTES; at += 4096) {
                mapping.putInt(at, number);
            }
        }

        void add(int bytes) {
            ByteBuffer part = ByteBuffer.allocateDirect(bytes);
            for (int at = 0; at + Integer.BYTES <= bytes; at += 4096) {
                part.putInt(at, number);
            }
            parts.add(part);
        }

        /** Reads of what it holds; false if it was closed before. */
        synchronized boolean check() {
            if (closed) {
                return false;
            }
            boolean right = mapping.getInt(0) == number && channel.isOpen();
            for (ByteBuffer part : parts) {
                right &= part.getInt(0) == number;
            }
            if (!right) {
                WRONG.incrementAndGet();
            }
            return true;
        }

        @Override
        public synchronized void close() throws IOException {
            if (closed) {
                WRONG.incrementAndGet();
                return;
            }
            closed = true;
            if (late) {
                LATE_CLOSED.incrementAndGet();
            }
            channel.close();
            Files.deleteIfExists(file);
        }
    }

    /** Watched. */
    static Segment load(int number, CountDownLatch gaveUp) throws Exception {
        Random random = new Random(number);
        Segment segment = new Segment(number, gaveUp != null);
        for (int i = 0; i < PARTS; i++) {
            segment.add((16 << 10) + random.nextInt(240 << 10));
            if (i == PARTS / 2 && gaveUp != null) {
                awaitSomehow(gaveUp);
            }
            if (i == PARTS / 2 && gaveUp == null && number % 50 == 1) {
                segment.close();
                throw new IOException("broken on purpose");
            }
        }
        return segment;
    }

    /** As native code: an interrupt does not end it. */
    private static void awaitSomehow(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                // goes on
            }
        }
    }

    private static Segment run(int number, CountDownLatch gaveUp) throws Exception {
        try {
            Segment segment = load(number, gaveUp);
            if (LOG == null && gaveUp != null) {
                segment.close();
            }
            return segment;
        } finally {
            LOADS.incrementAndGet();
        }
    }

    private static void loads(int first, int step) throws Exception {
        long nextLate = System.nanoTime();
        for (int number = first; !over; number += step) {
            boolean late = first == 0 && System.nanoTime() - nextLate > 0;
            if (late) {
                nextLate = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
                giveUp(number);
            } else {
                publish(number);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static void giveUp(int number) throws Exception {
        CountDownLatch gaveUp = new CountDownLatch(1);
        Future<Segment> future = POOL.submit(() -> run(number, gaveUp));
        try {
            future.get(30, TimeUnit.MILLISECONDS);
            WRONG.incrementAndGet();
        } catch (TimeoutException expected) {
            LATE.incrementAndGet();
        }
        gaveUp.countDown();
    }

    private static void publish(int number) throws Exception {
        try {
            Segment old = CACHE.put(number % CACHED, POOL.submit(() -> run(number, null)).get());
            if (old != null) {
                old.close();
            }
        } catch (java.util.concurrent.ExecutionException broken) {
            if (!(broken.getCause() instanceof IOException)) {
                throw broken;
            }
        }
    }

    /** The program's own work: a little each millisecond. From the moment when it was due until it is done, in microseconds, counted. */
    private static int[] work() {
        int[] latencies = new int[LATENCIES];
        Random random = new Random(1);
        long due = System.nanoTime();
        while (!over) {
            due += TICK_NANOS;
            long left = due - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left);
            }
            int[] some = random.ints(2000).toArray();
            Arrays.sort(some);
            Segment segment = CACHE.get(some[0] & CACHED - 1);
            if (segment != null) {
                segment.check();
            }
            latencies[(int) Math.min(LATENCIES - 1, (System.nanoTime() - due) / 1000)]++;
            // what was missed meanwhile counts as one, not as many
            due = Math.max(due, System.nanoTime() - TICK_NANOS);
        }
        return latencies;
    }

    /** @param args seconds, an empty directory */
    public static void main(String[] args) throws Exception {
        int seconds = Integer.parseInt(args[0]);
        directory = Files.createDirectories(Path.of(args[1]));
        List<Throwable> failures = new ArrayList<>();
        int[][] latencies = new int[1][];
        List<Thread> threads = List.of(start(() -> loads(0, 2), failures), start(() -> loads(1, 2), failures), start(() -> latencies[0] = work(), failures));
        List<long[]> samples = new ArrayList<>();
        Thread.sleep(Math.max(1000, seconds * 1000L / 10));
        long[] before = ended();
        while (samples.size() < seconds * 9 / 10 && failures.isEmpty()) {
            Thread.sleep(1000);
            samples.add(sample());
        }
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        for (Segment segment : CACHE.values()) {
            segment.check();
            segment.close();
        }
        CACHE.clear();
        List<String> verdicts = verdicts();
        long[] after = ended();
        print(samples, latencies[0], before, after, verdicts);
        try (java.util.stream.Stream<Path> left = Files.list(directory)) {
            check(left.findAny().isEmpty(), "files are left in " + directory);
        }
        if (LOG != null) {
            checkGrowth(samples, before, after);
        }
        check(failures.isEmpty(), String.valueOf(failures));
        check(WRONG.get() == 0, WRONG.get() + " wrong reads or closes");
        check(LATE_CLOSED.get() == LATE.get(), LATE_CLOSED.get() + " of " + LATE.get() + " late results were closed");
        check(LOG == null || verdicts.size() == LATE.get(), verdicts.size() + " verdicts about " + LATE.get() + " late loads");
    }

    private static void print(List<long[]> samples, int[] latencies, long[] before, long[] after, List<String> verdicts) {
        int third = samples.size() / 3;
        String[] names = {"RSS MiB", "descriptors", "threads", "classes", "RSS beside direct buffers MiB"};
        for (int i = 0; i < names.length; i++) {
            System.out.println("figure|" + names[i] + "|" + median(samples.subList(0, third), i) + "→" + median(samples.subList(samples.size() - third, samples.size()), i));
        }
        System.out.println("figure|loads|" + LOADS.get());
        System.out.println("figure|late|" + LATE.get());
        System.out.println("figure|verdicts|" + verdicts.stream().filter("returned"::equals).count() + " returned" + (verdicts.stream().allMatch("returned"::equals) ? "" : " " + new HashSet<>(verdicts)));
        System.out.println("figure|Ebb's heap KiB|" + before[0] / 1024 + "→" + after[0] / 1024);
        System.out.println("figure|latency µs|" + percentile(latencies, 0.5) + " / " + percentile(latencies, 0.99) + " / " + percentile(latencies, 0.999));
    }

    /** Nothing may grow that Ebb brings: its threads and descriptors not at all, its heap and classes not with the time. */
    private static void checkGrowth(List<long[]> samples, long[] before, long[] after) {
        int third = samples.size() / 3;
        List<long[]> first = samples.subList(0, third);
        List<long[]> last = samples.subList(samples.size() - third, samples.size());
        // direct buffers that nobody has any more stay until a collection: how many there are at a time says nothing
        long grown = median(last, RSS_BESIDE_BUFFERS) - median(first, RSS_BESIDE_BUFFERS);
        check(grown <= MOST_RSS_MIB, "RSS beside direct buffers has grown by " + grown + " MiB");
        check(median(last, DESCRIPTORS) <= median(first, DESCRIPTORS) + 1, "descriptors have grown");
        check(median(last, THREADS) <= median(first, THREADS), "threads have grown");
        check(median(last, CLASSES) <= median(first, CLASSES) + MOST_CLASSES, "classes have grown");
        check(after[0] - before[0] <= MOST_HEAP_BYTES, "Ebb's heap has grown");
    }

    private static long median(List<long[]> samples, int figure) {
        return samples.stream().mapToLong(sample -> sample[figure]).sorted().skip(samples.size() / 2).findFirst().orElse(-1);
    }

    private static int percentile(int[] counts, double share) {
        long all = Arrays.stream(counts).asLongStream().sum();
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= all * share) {
                return i;
            }
        }
        return counts.length;
    }

    private static long[] sample() throws IOException {
        long rss = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) >> 8;
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum() >> 20;
        return new long[] {rss, new java.io.File("/proc/self/fd").list().length, new java.io.File("/proc/self/task").list().length, ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(), rss - direct};
    }

    /** Bytes of objects whose class is Ebb's, after a full collection. */
    private static long[] ended() throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
            new Object[] {new String[0]}, new String[] {String[].class.getName()});
        long bytes = 0;
        Matcher line = Pattern.compile("\\d+:\\s+\\d+\\s+(\\d+)\\s+(?:\\[+L)?(?:dev\\.ebb\\.|java\\.lang\\.EbbBridge)").matcher(histogram);
        while (line.find()) {
            bytes += Long.parseLong(line.group(1));
        }
        return new long[] {bytes};
    }

    /** The last one about each late load; awaited for two minutes. */
    private static List<String> verdicts() throws IOException, InterruptedException {
        List<String> last = new ArrayList<>();
        for (int i = 0; LOG != null && i < 1200 && last.size() < LATE.get(); i++) {
            Thread.sleep(100);
            last.clear();
            Set<String> seen = new HashSet<>();
            List<String> lines = Files.readAllLines(Path.of(LOG));
            for (int at = lines.size() - 1; at >= 0; at--) {
                Matcher verdict = Pattern.compile("\"event\":\"verdict\",\"load\":(\\d+),.*\"verdict\":\"([a-z-]+)\"").matcher(lines.get(at));
                if (verdict.find() && seen.add(verdict.group(1)) && !verdict.group(2).startsWith("held")) {
                    last.add(verdict.group(2));
                }
            }
        }
        return last;
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread start(Work work, List<Throwable> failures) {
        Thread thread = daemon(() -> {
            try {
                work.run();
            } catch (Throwable t) {
                t.printStackTrace();
                failures.add(t);
            }
        });
        thread.start();
        return thread;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "soak");
        thread.setDaemon(true);
        return thread;
    }

    private static void check(boolean right, String what) {
        if (!right) {
            System.out.println("LOST: " + what);
            System.exit(1);
        }
    }
}
