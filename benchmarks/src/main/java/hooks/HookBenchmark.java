package hooks;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What goes through the hooks. {@code benchmarks/hooks} runs it without an agent, with Ebb outside a load, and with Ebb inside one: there JMH's own loop around each of these methods is
 * the watched method, so that a whole iteration is one load. In a package of its own, since Ebb weaves nothing of its own packages.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HookBenchmark {
    private static final int BUFFER_BYTES = 4096;
    private static final int MAPPED_BYTES = 1 << 20;
    /** Of no block of that size Ebb keeps the stack, the first few aside. */
    private static final int FEW_MAPPED_BYTES = 64 << 10;
    private static final MethodHandle CLEANER = cleaner();
    /** Null before JDK 21. */
    private static final MethodHandle VIRTUAL = virtual();

    private final Callable<Integer> task = () -> 1;
    private final Runnable nothing = () -> { };
    private Path path;
    private FileChannel channel;
    private ExecutorService pool;
    private int calls;

    @Setup
    public void open() throws IOException {
        path = Files.createTempFile("hooks", ".bin");
        Files.write(path, new byte[MAPPED_BYTES]);
        channel = FileChannel.open(path, StandardOpenOption.READ);
        pool = Executors.newFixedThreadPool(1);
    }

    @TearDown
    public void close() throws IOException {
        pool.shutdown();
        channel.close();
        Files.delete(path);
    }

    @Benchmark
    public void directBuffer() throws Throwable {
        free(ByteBuffer.allocateDirect(BUFFER_BYTES));
    }

    @Benchmark
    public void mapAndUnmap() throws Throwable {
        free(channel.map(FileChannel.MapMode.READ_ONLY, 0, MAPPED_BYTES));
    }

    @Benchmark
    public void mapAndUnmapLittle() throws Throwable {
        free(channel.map(FileChannel.MapMode.READ_ONLY, 0, FEW_MAPPED_BYTES));
    }

    @Benchmark
    public void fileStream() throws IOException {
        new FileInputStream(path.toFile()).close();
    }

    @Benchmark
    public void fileChannel() throws IOException {
        FileChannel.open(path, StandardOpenOption.READ).close();
    }

    @Benchmark
    public void threadStartAndJoin() throws InterruptedException {
        Thread thread = new Thread(nothing);
        thread.start();
        thread.join();
    }

    /** The part of a submit that is not the hand-over between threads. */
    @Benchmark
    public Object futureTask() throws Exception {
        FutureTask<Integer> future = new FutureTask<>(task);
        future.run();
        return future.get();
    }

    @Benchmark
    public Object executorSubmitAndGet() throws Exception {
        return pool.submit(task).get();
    }

    @Benchmark
    public void virtualThreadStartAndJoin() throws Throwable {
        if (VIRTUAL == null) {
            throw new UnsupportedOperationException("no virtual threads in this JDK");
        }
        ((Thread) VIRTUAL.invokeExact(nothing)).join();
    }

    /** A method that can be watched: outside a load it is one, and a load inside a load is a part of it. */
    @Benchmark
    public int watchedMethod() {
        return watched();
    }

    private int watched() {
        return calls++;
    }

    private static void free(ByteBuffer buffer) throws Throwable {
        CLEANER.invokeExact(buffer);
    }

    private static MethodHandle cleaner() {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return MethodHandles.lookup().findVirtual(type, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class)).bindTo(field.get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle virtual() {
        try {
            return MethodHandles.publicLookup().findStatic(Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
