import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * A load whose caller gives up takes off-heap memory, touches each page of it, and leaves; nobody has what it took. Prints when RSS was back, from the moment at which its thread left. Without Ebb it asks
 * for a collection at that moment, and prints when the JVM's cleaners had freed all. Compiled and run by benchmarks/rollback.
 */
public final class LostLoad {
    private static final int PAGE = 4096;
    private static final long SAMPLE_NANOS = 500_000;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);
    /** What a JVM gains and loses by itself; and a hundredth of what was taken. */
    private static final long NOISE_BYTES = 16 << 20;
    /** Small, so that the classes of a rollback are loaded. */
    private static final long WARM_UP_BYTES = 64 << 20;

    private static volatile long quietNanos;
    private static volatile long quietMillis;

    private LostLoad() { }

    private record Wanted(String kind, long bytes, int resources, Path file) { }

    /** Watched. */
    static void load(Wanted wanted, CountDownLatch taken, CountDownLatch leave) throws IOException, InterruptedException {
        ByteBuffer[] all = wanted.kind.equals("mapped") ? map(wanted) : allocate(wanted);
        taken.countDown();
        leave.await();
        Reference.reachabilityFence(all);
        quietMillis = System.currentTimeMillis();
        quietNanos = System.nanoTime();
    }

    private static ByteBuffer[] allocate(Wanted wanted) {
        ByteBuffer[] all = new ByteBuffer[wanted.resources];
        int each = (int) (wanted.bytes / all.length);
        for (int i = 0; i < all.length; i++) {
            all[i] = ByteBuffer.allocateDirect(each);
            for (int at = 0; at < each; at += PAGE) {
                all[i].put(at, (byte) 1);
            }
        }
        return all;
    }

    private static ByteBuffer[] map(Wanted wanted) throws IOException {
        ByteBuffer[] all = new ByteBuffer[wanted.resources];
        int each = (int) (wanted.bytes / all.length);
        try (FileChannel channel = FileChannel.open(wanted.file, StandardOpenOption.READ)) {
            for (int i = 0; i < all.length; i++) {
                all[i] = channel.map(FileChannel.MapMode.READ_ONLY, (long) i * each, each);
                for (int at = 0; at < each; at += PAGE) {
                    all[i].get(at);
                }
            }
        }
        return all;
    }

    /** @param args {@code direct} or {@code mapped}, bytes, how many resources, a file that may be made */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[3]);
        Wanted wanted = new Wanted(args[0], Long.parseLong(args[1]), Integer.parseInt(args[2]), file);
        ExecutorService pool = Executors.newFixedThreadPool(1);
        try (RandomAccessFile statm = new RandomAccessFile("/proc/self/statm", "r")) {
            if (args[0].equals("mapped")) {
                try (RandomAccessFile sparse = new RandomAccessFile(args[3], "rw")) {
                    sparse.setLength(wanted.bytes);
                }
            }
            lose(new Wanted(args[0], WARM_UP_BYTES, 64, file), pool, statm, 1);
            lose(wanted, pool, statm, 2);
        } finally {
            Files.deleteIfExists(file);
        }
        pool.shutdown();
    }

    private static void lose(Wanted wanted, ExecutorService pool, RandomAccessFile statm, int verdicts) throws Exception {
        long before = residentBytes(statm);
        CountDownLatch leave = new CountDownLatch(1);
        giveUp(wanted, pool, leave);
        if (EbbLog.isExpected()) {
            long recorded = recordedBytes(wanted.kind);
            EbbLog.check(recorded == wanted.bytes / wanted.resources * wanted.resources, recorded + " bytes and not " + wanted.bytes);
        }
        quietNanos = 0;
        leave.countDown();
        while (quietNanos == 0) {
            Thread.onSpinWait();
        }
        if (EbbLog.isExpected()) {
            awaitRollback(wanted, before + NOISE_BYTES + wanted.bytes / 100, statm, verdicts);
        } else {
            awaitCleaners(wanted);
        }
    }

    private static void awaitRollback(Wanted wanted, long back, RandomAccessFile statm, int verdicts) throws Exception {
        long peak = residentBytes(statm);
        long collections = collections();
        long collectionMillis = collectionMillis();
        long cpu = cpuNanos();
        long falls = 0;
        long now = System.nanoTime();
        for (long resident = peak; resident > back; resident = residentBytes(statm)) {
            now = System.nanoTime();
            check(now, resident + " bytes are resident, and not " + back);
            falls = falls == 0 && resident < peak - wanted.bytes / 100 ? now : falls;
            LockSupport.parkNanos(SAMPLE_NANOS);
        }
        now = System.nanoTime();
        figure("back", (now - quietNanos) / 1e6);
        figure("falls", ((falls == 0 ? now : falls) - quietNanos) / 1e6);
        figure("cpu", (cpuNanos() - cpu) / 1e6);
        figure("collected", collectionMillis() - collectionMillis);
        figure("collections", collections() - collections);
        List<String> said = EbbLog.await("verdict", verdicts);
        String verdict = said.get(verdicts - 1);
        EbbLog.check(EbbLog.text(verdict, "verdict").equals("returned") && !verdict.contains("unrecorded\""), verdict);
        List<String> purges = EbbLog.lines("purge.done");
        figure("purge", purges.size() < verdicts ? 0 : EbbLog.number(purges.get(verdicts - 1), "purgeMs"));
        figure("verdict", Instant.parse(EbbLog.text(verdict, "time")).toEpochMilli() - quietMillis);
    }

    /** What was freed need not have left the process. */
    private static void awaitCleaners(Wanted wanted) {
        long cpu = cpuNanos();
        System.gc();
        BufferPoolMXBean buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(of -> of.getName().equals(wanted.kind)).findFirst().orElseThrow();
        while (buffers.getMemoryUsed() > NOISE_BYTES) {
            check(System.nanoTime(), buffers.getMemoryUsed() + " bytes are not freed");
            LockSupport.parkNanos(SAMPLE_NANOS);
        }
        figure("back", (System.nanoTime() - quietNanos) / 1e6);
        figure("cpu", (cpuNanos() - cpu) / 1e6);
    }

    private static void check(long now, String what) {
        if (now - quietNanos > LIMIT_NANOS) {
            throw new IllegalStateException(what);
        }
    }

    /** Everything that could reach the future is gone when this returns, but for the thread that computes it. */
    private static void giveUp(Wanted wanted, ExecutorService pool, CountDownLatch leave) throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        Future<?> future = pool.submit(() -> {
            load(wanted, taken, leave);
            return null;
        });
        while (!taken.await(100, TimeUnit.MILLISECONDS)) {
            if (future.isDone()) {
                future.get();
            }
        }
        try {
            future.get(1, TimeUnit.MILLISECONDS);
            throw new IllegalStateException("there was no timeout");
        } catch (TimeoutException expected) {
            // so the caller goes its way
        }
    }

    private static void figure(String name, double value) {
        System.out.println(name + "=" + value);
    }

    private static long recordedBytes(String kind) throws Exception {
        CompositeData totals = (CompositeData) ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName("dev.ebb:type=Ebb"), "Totals");
        return (Long) totals.get(kind + "Bytes");
    }

    private static long residentBytes(RandomAccessFile statm) throws IOException {
        byte[] text = new byte[128];
        statm.seek(0);
        int length = statm.read(text);
        return Long.parseLong(new String(text, 0, length).split(" ")[1]) * PAGE;
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }

    private static long collectionMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
