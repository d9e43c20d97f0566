package scenario;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import javax.management.ObjectName;

/**
 * Loads that go on after their future was cancelled. A line on stdin names the next one; it is cancelled at once, and does what it does when the line "go"
 * comes, by which time it was told to end. How it came out is printed.
 */
public final class Told {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final CompletableFuture<String> OF_OTHERS = new CompletableFuture<>();
    private static final CompletableFuture<Integer> DEPENDENT = OF_OTHERS.thenApply(text -> ByteBuffer.allocateDirect(17).capacity());
    private static final AtomicReference<Object> SEEN = new AtomicReference<>("nothing");

    private static ExecutorService pool;
    private static Path directory;
    private static FileChannel channel;
    private static volatile CountDownLatch begun;
    private static volatile CountDownLatch told;
    private static volatile CountDownLatch mayEnd = new CountDownLatch(1);

    private Told() { }

    private interface Body {
        void run() throws Throwable;
    }

    /** Its initializer takes memory: were that to fail, the class would be lost for the whole JVM. */
    static final class Holder {
        static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(16);

        private Holder() { }
    }

    private static final Map<String, Body> BODIES = Map.ofEntries(
        Map.entry("catches-exceptions", Told::catchesExceptions),
        Map.entry("catches-all", Told::catchesAll),
        Map.entry("lock", Told::lock),
        Map.entry("initializer", Told::initializer),
        Map.entry("class-loading", Told::classLoading),
        Map.entry("child-thread", Told::childThread),
        Map.entry("child-task", Told::childTask),
        Map.entry("parallel-stream", Told::parallelStream),
        Map.entry("dependent-of-others", Told::dependentOfOthers),
        Map.entry("deep", () -> deep(5000)),
        Map.entry("own-frames", Told::ownFrames),
        Map.entry("handler", () -> ByteBuffer.allocateDirect(16)),
        Map.entry("virtual", Told::catchesExceptions),
        Map.entry("stream-in", () -> new FileInputStream(file("in")).close()),
        Map.entry("stream-out", () -> new FileOutputStream(file("out")).close()),
        Map.entry("random-access", () -> new RandomAccessFile(file("random"), "rw").close()),
        Map.entry("channel", () -> FileChannel.open(Path.of(file("in"))).close()),
        Map.entry("byte-channel", () -> Files.newByteChannel(Path.of(file("in"))).close()),
        Map.entry("asynchronous", () -> AsynchronousFileChannel.open(Path.of(file("in"))).close()),
        Map.entry("copy", () -> Files.copy(Path.of(file("in")), Path.of(file("copy")), StandardCopyOption.REPLACE_EXISTING)),
        Map.entry("map", Told::map),
        Map.entry("unsafe", Told::unsafe),
        Map.entry("arena", Told::arena),
        Map.entry("heap-only", () -> SEEN.set(new byte[1000])));

    /** Watched. */
    static void load(String kind) throws Throwable {
        begun.countDown();
        Engine.await(told);
        BODIES.get(kind).run();
    }

    /** Watched, with a deadline. */
    static void hasDeadline(String kind) throws Throwable {
        load(kind);
    }

    public static void main(String[] args) throws Exception {
        directory = Path.of(args[0]);
        Files.writeString(Path.of(file("in")), "bytes");
        channel = FileChannel.open(Path.of(file("in")));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); !line.equals("end"); line = in.readLine()) {
            run(line, in);
        }
    }

    private static void run(String kind, BufferedReader in) throws Exception {
        pool = pool(kind);
        if (kind.equals("own-frames")) {
            // what the server takes for itself is not the subject
            ManagementFactory.getPlatformMBeanServer();
        }
        begun = new CountDownLatch(1);
        told = new CountDownLatch(1);
        mayEnd = new CountDownLatch(1);
        SEEN.set("nothing");
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Runnable work = () -> outcome.complete(outcome(kind));
        if (kind.equals("handler")) {
            startWithHandler(work);
        } else {
            Future<?> future = pool.submit(work);
            Engine.await(begun);
            future.cancel(false);
        }
        in.readLine();
        told.countDown();
        if (kind.equals("catches-all")) {
            System.out.println("goes on " + in.readLine());
            mayEnd.countDown();
        }
        System.out.println(kind + " " + outcome.get() + " " + SEEN.get() + " " + afterwards());
        pool.shutdown();
    }

    /** In a thread whose errors the program handles itself, and would not survive. */
    private static void startWithHandler(Runnable work) {
        Thread thread = new Thread(work);
        thread.setUncaughtExceptionHandler((t, thrown) -> Runtime.getRuntime().halt(3));
        thread.start();
    }

    private static ExecutorService pool(String kind) throws ReflectiveOperationException {
        return kind.equals("virtual") ? (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null)
            : Executors.newFixedThreadPool(1);
    }

    private static String outcome(String kind) {
        try {
            if (kind.equals("handler")) {
                hasDeadline(kind);
            } else {
                load(kind);
            }
            return "completed";
        } catch (Throwable thrown) {
            SEEN.compareAndSet("nothing", String.valueOf(thrown.getMessage()).replaceAll("load \\d+", "load N"));
            return "threw " + thrown.getClass().getSimpleName();
        }
    }

    /** The same thread takes something for somebody else, once the load is over. */
    private static String afterwards() throws Exception {
        return pool.submit(() -> ByteBuffer.allocateDirect(16)).get().capacity() + " " + LOCK.tryLock(0, TimeUnit.SECONDS);
    }

    // ---- what loads do

    private static void catchesExceptions() {
        while (mayEnd.getCount() > 0) {
            try {
                ByteBuffer.allocateDirect(16);
            } catch (Exception tryAgain) {
                SEEN.set(tryAgain);
            }
        }
    }

    /** Reports how often it got through once it had been thrown at, and whether it was kept waiting from the twentieth time on: longer each time, by 160 ms until the sixtieth. */
    private static void catchesAll() {
        int thrown = 0;
        int passed = 0;
        long twentieth = 0;
        long sixtieth = 0;
        while (mayEnd.getCount() > 0) {
            try {
                ByteBuffer.allocateDirect(16);
                passed += thrown > 0 ? 1 : 0;
            } catch (Throwable tryAgain) {
                if (++thrown == 20) {
                    twentieth = System.nanoTime();
                } else if (thrown == 60) {
                    sixtieth = System.nanoTime();
                    System.out.println("thrown 60");
                }
            }
        }
        boolean waited = sixtieth - twentieth > TimeUnit.MILLISECONDS.toNanos(100);
        SEEN.set(thrown >= 60 ? (waited ? "waited, passed " : "passed ") + passed : "thrown " + thrown);
    }

    private static void lock() throws Throwable {
        LOCK.lock();
        try {
            ByteBuffer.allocateDirect(16);
        } finally {
            // cleaning up takes something as well
            try {
                new FileOutputStream(file("cleaned")).close();
                SEEN.set("cleaned up");
            } finally {
                LOCK.unlock();
            }
        }
    }

    private static void initializer() {
        SEEN.set("holder " + Holder.BUFFER.capacity());
        ByteBuffer.allocateDirect(16);
    }

    private static void classLoading() throws Throwable {
        URL home = Told.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {home}, null)) {
            SEEN.set("class " + Class.forName("scenario.Plugin", true, loader).getSimpleName());
        }
        ByteBuffer.allocateDirect(16);
    }

    /** It asks Ebb for something, which opens files on this thread. */
    private static void ownFrames() throws Throwable {
        String purged = (String) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("dev.ebb:type=Ebb"), "purge", new Object[0], new String[0]);
        SEEN.set(purged.contains(" returned in ") ? "purged" : purged);
        ByteBuffer.allocateDirect(16);
    }

    private static void childThread() throws Throwable {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread child = new Thread(() -> {
            try {
                catchesExceptions();
            } catch (Throwable ended) {
                thrown.set(ended);
            }
        });
        child.start();
        while (child.isAlive()) {
            try {
                child.join();
            } catch (InterruptedException ignored) {
                // Ebb's, which comes as long as this waits
            }
        }
        SEEN.set(thrown.get().getClass().getSimpleName());
    }

    private static void childTask() throws Throwable {
        ExecutorService other = Executors.newFixedThreadPool(1);
        Future<?> child = other.submit(Told::catchesExceptions);
        other.shutdown();
        while (!child.isDone()) {
            try {
                other.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException ignored) {
                // Ebb's, which comes as long as this waits
            }
        }
        try {
            child.get();
        } catch (ExecutionException ended) {
            SEEN.set(ended.getCause().getClass().getSimpleName());
        } catch (CancellationException beforeItBegan) {
            childTask();
        }
    }

    private static void parallelStream() {
        IntStream.range(0, 100).parallel().forEach(i -> ByteBuffer.allocateDirect(16));
    }

    private static void dependentOfOthers() throws Throwable {
        OF_OTHERS.complete("by the load");
        SEEN.set(DEPENDENT.get());
        ByteBuffer.allocateDirect(16);
    }

    private static int deep(int frames) {
        return frames == 0 ? ByteBuffer.allocateDirect(16).capacity() : deep(frames - 1) + 1;
    }

    private static void map() throws Throwable {
        channel.map(FileChannel.MapMode.READ_ONLY, 0, 5);
    }

    private static void unsafe() throws Throwable {
        java.lang.reflect.Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
        field.setAccessible(true);
        invoke(Class.forName("sun.misc.Unsafe").getMethod("allocateMemory", long.class), field.get(null), 16L);
    }

    private static void arena() throws Throwable {
        Class<?> arena = Class.forName("java.lang.foreign.Arena");
        Object auto = arena.getMethod("ofConfined").invoke(null);
        invoke(arena.getMethod("allocate", long.class, long.class), auto, 16L, 1L);
    }

    private static void invoke(java.lang.reflect.Method method, Object target, Object... arguments) throws Throwable {
        try {
            method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static String file(String name) {
        return directory.resolve(name).toString();
    }
}
