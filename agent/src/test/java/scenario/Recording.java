package scenario;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ResourceBundle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Good loads, each taking one sort of thing in figures of its own; kept until the end where it is to be seen in the ledger. */
public final class Recording {
    /** Made before any load; with no thread yet, so that the first one comes while a load submits. */
    private static final ExecutorService POOL = Executors.newFixedThreadPool(2, Recording::daemon);
    /** To a thread that works for no load. */
    private static final SynchronousQueue<Work> OUTSIDE = new SynchronousQueue<>();

    private final Path directory;
    private final Path file;

    private Recording(Path directory) {
        this.directory = directory;
        this.file = directory.resolve("file");
    }

    interface Work {
        void run() throws Exception;
    }

    /** Watched. */
    static void load(String name, Work work) throws Exception {
        work.run();
    }

    /** Watched. */
    static void inner(Work work) throws Exception {
        work.run();
    }

    public static void main(String[] args) throws Exception {
        daemon(Recording::serveOutside).start();
        Recording recording = new Recording(Path.of(args[0]));
        Files.write(recording.file, new byte[2_000_003]);
        recording.memory();
        recording.openFiles();
        recording.filesOnDisk();
        recording.threads();
        recording.tasks();
        recording.others();
        recording.owners();
        System.out.println("done");
    }

    private void memory() throws Exception {
        load("direct", () -> Kept.direct(30_002_016));
        load("direct-released", () -> {
            Kept.direct(10_007);
            release(ByteBuffer.allocateDirect(5_000_000));
            release(ByteBuffer.allocateDirect(10_007));
        });
        ByteBuffer before = ByteBuffer.allocateDirect(1_000_000);
        load("direct-of-before", () -> release(before));
        load("mapped", () -> {
            try (FileChannel channel = FileChannel.open(file)) {
                Kept.keep(channel.map(FileChannel.MapMode.READ_ONLY, 0, 1_000_003));
                Kept.keep(channel.map(FileChannel.MapMode.READ_ONLY, 5_000, 700_001));
                release(channel.map(FileChannel.MapMode.READ_ONLY, 0, 2_000_000));
            }
        });
        load("unsafe", () -> {
            unsafe("freeMemory", unsafe("allocateMemory", 3_000_000L));
            Kept.keep(unsafe("allocateMemory", 1_000_001L));
        });
        load("unsafe-reallocated", () -> {
            Kept.keep(reallocate(unsafe("allocateMemory", 1_000L), 2_000_002L));
            Kept.keep(reallocate(0L, 3_003L));
            reallocate(unsafe("allocateMemory", 5_000L), 0L);
        });
        load("unsafe-not-reallocated", () -> {
            Object block = Kept.keep(unsafe("allocateMemory", 1_004L));
            try {
                reallocate(block, 1L << 60);
                throw new AssertionError();
            } catch (java.lang.reflect.InvocationTargetException e) {
                check(e.getCause() instanceof OutOfMemoryError);
            }
        });
        Object blockOfBefore = unsafe("allocateMemory", 1_005L);
        load("unsafe-of-before", () -> unsafe("freeMemory", reallocate(blockOfBefore, 2_005L)));
        load("heap", () -> Kept.keep(new byte[5_000_000]));
    }

    private void openFiles() throws Exception {
        load("streams", () -> {
            FileInputStream in = Kept.keep(new FileInputStream(file.toFile()));
            FileOutputStream out = Kept.keep(new FileOutputStream(directory.resolve("by-stream").toFile()));
            RandomAccessFile random = Kept.keep(new RandomAccessFile(file.toFile(), "r"));
            // the same open files once more
            Kept.keep(in.getChannel());
            Kept.keep(out.getChannel());
            Kept.keep(random.getChannel());
            out.write(new byte[1_234]);
        });
        load("streams-closed", () -> {
            new FileInputStream(file.toFile()).close();
            new FileInputStream(file.toFile()).getChannel().close();
            new RandomAccessFile(file.toFile(), "r").close();
            try (FileOutputStream out = new FileOutputStream(directory.resolve("by-closed-stream").toFile())) {
                out.getChannel().write(ByteBuffer.wrap(new byte[77]));
            }
        });
        load("channels", () -> {
            Kept.keep(FileChannel.open(file));
            Kept.keep(Files.newByteChannel(file));
            Kept.keep(Files.newInputStream(file)).read();
            Kept.keep(Files.newBufferedReader(file));
            Files.newInputStream(file).close();
        });
        load("asynchronous", () -> {
            Kept.keep(AsynchronousFileChannel.open(file));
            AsynchronousFileChannel.open(file).close();
        });
        load("directories", () -> {
            Kept.keep(Files.newDirectoryStream(directory)).iterator().hasNext();
            Kept.keep(Files.list(directory)).iterator().hasNext();
            Files.newDirectoryStream(directory).close();
            try (Stream<Path> all = Files.walk(directory)) {
                check(all.count() > 1);
            }
        });
        load("nio-temporary", () -> {
            try (FileChannel channel = FileChannel.open(directory.resolve("written"), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
                channel.write(ByteBuffer.allocate(123_456));
            }
        });
    }

    private void filesOnDisk() throws Exception {
        load("files-nio", () -> {
            Files.write(directory.resolve("a"), new byte[1_001]);
            Files.copy(directory.resolve("a"), directory.resolve("b"));
            Files.move(directory.resolve("a"), directory.resolve("c"));
            Files.move(directory.resolve("c"), directory.resolve("b"), StandardCopyOption.REPLACE_EXISTING);
            Files.createDirectory(directory.resolve("d"));
            Files.createDirectories(directory.resolve("d/e/f"));
            Files.writeString(directory.resolve("d/e/f/g"), "seventeen letters");
            Files.write(Files.createTempFile(directory, "x", "y"), new byte[10_000]);
            Files.createTempDirectory(directory, "z");
        });
        load("files-io", () -> {
            check(directory.resolve("h").toFile().createNewFile());
            check(directory.resolve("i").toFile().mkdir());
            check(directory.resolve("j/k").toFile().mkdirs());
            try (FileOutputStream out = new FileOutputStream(File.createTempFile("xyz", "y", directory.toFile()))) {
                out.write(new byte[20_000]);
            }
            try (RandomAccessFile random = new RandomAccessFile(directory.resolve("l").toFile(), "rw")) {
                random.setLength(300_000);
            }
        });
        load("files-of-before", () -> {
            Files.write(file, new byte[2_000_003]);
            new FileOutputStream(file.toFile(), true).close();
            new RandomAccessFile(file.toFile(), "rw").close();
            Files.createDirectories(directory);
            check(!directory.toFile().mkdir() && !file.toFile().createNewFile());
        });
        filesGrown();
        filesMoved();
        load("files-deleted", () -> {
            Files.write(directory.resolve("gone-1"), new byte[9]);
            Files.delete(directory.resolve("gone-1"));
            new FileOutputStream(directory.resolve("gone-2").toFile()).close();
            check(directory.resolve("gone-2").toFile().delete());
        });
    }

    private void filesGrown() throws Exception {
        Path grows = Files.write(directory.resolve("grows"), new byte[1_000]);
        Path log = Files.write(directory.resolve("grows-too"), new byte[50]);
        load("files-grown", () -> {
            Files.write(grows, new byte[11], StandardOpenOption.APPEND);
            try (FileOutputStream out = new FileOutputStream(grows.toFile(), true)) {
                out.write(new byte[22]);
            }
            try (RandomAccessFile random = new RandomAccessFile(log.toFile(), "rw")) {
                random.setLength(150);
            }
            try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(200));
            }
            // not larger, or only read
            Files.write(file, new byte[2_000_003]);
            Files.readAllBytes(grows);
            new RandomAccessFile(grows.toFile(), "r").close();
        });
        load("files-grown-and-moved", () -> {
            Files.write(grows, new byte[7], StandardOpenOption.APPEND);
            Files.move(grows, directory.resolve("grown"));
        });
        check(Files.size(directory.resolve("grown")) == 1_040);
    }

    private void filesMoved() throws Exception {
        Path before = Files.write(directory.resolve("before"), new byte[4_000]);
        load("files-moved", () -> {
            // written beside its place and put there whole, as careful programs do
            Path made = Files.createDirectory(directory.resolve("made"));
            Files.write(made.resolve("one"), new byte[301]);
            Files.createDirectory(made.resolve("below"));
            Files.write(made.resolve("below/two"), new byte[302]);
            Files.move(made, directory.resolve("published"));
            check(directory.resolve("published/below").toFile().renameTo(directory.resolve("published/under").toFile()));
            Files.delete(directory.resolve("published/one"));
        });
        load("files-linked", () -> {
            Files.write(directory.resolve("original"), new byte[500]);
            // two names of one file, then one; a name of a file of the program's; a link to it
            Files.createLink(directory.resolve("second"), directory.resolve("original"));
            Files.delete(directory.resolve("original"));
            Files.createLink(directory.resolve("third"), directory.resolve("second"));
            Files.createLink(directory.resolve("name"), before);
            Files.createSymbolicLink(directory.resolve("link"), before);
        });
        load("files-temporary", () -> {
            Path dir = Files.createTempDirectory(directory, "t");
            Files.write(Files.createTempFile(dir, null, null), new byte[60]);
            Files.copy(before, dir.resolve("copy"));
            Files.copy(new ByteArrayInputStream(new byte[70]), dir.resolve("streamed"));
            File.createTempFile("abc", null, dir.toFile());
        });
    }

    private void threads() throws Exception {
        load("thread", () -> join(() -> {
            Kept.direct(20_001);
            Kept.keep(new byte[3_000_000]);
        }));
        load("thread-in-thread", () -> join(() -> join(() -> {
            Kept.direct(20_002);
            Kept.keep(FileChannel.open(file));
        })));
        load("own-pool", () -> {
            ExecutorService pool = Executors.newFixedThreadPool(2);
            pool.submit(() -> Kept.direct(20_003)).get();
            pool.execute(() -> Kept.direct(20_004));
            pool.shutdown();
            check(pool.awaitTermination(20, TimeUnit.SECONDS));
        });
        load("unheard-thread", () -> join(() -> { }));
    }

    private void tasks() throws Exception {
        load("callable", () -> POOL.submit(() -> {
            Kept.keep(new byte[4_000_000]);
            return Kept.direct(21_001);
        }).get());
        load("runnable", () -> POOL.submit(() -> {
            Kept.direct(21_002);
        }).get());
        load("supply-async", () -> CompletableFuture.supplyAsync(() -> Kept.direct(21_003)).get());
        load("supply-async-pool", () -> CompletableFuture.supplyAsync(() -> Kept.direct(21_004), POOL).get());
        load("run-async", () -> CompletableFuture.runAsync(() -> Kept.direct(21_005)).get());
        load("execute", () -> {
            CountDownLatch done = new CountDownLatch(1);
            POOL.execute(() -> {
                Kept.direct(21_006);
                done.countDown();
            });
            done.await();
        });
        load("caller-runs", () -> {
            FutureTask<byte[]> task = new FutureTask<>(() -> Kept.keep(new byte[2_000_000]));
            task.run();
            check(task.get().length == 2_000_000);
        });
        load("task-in-task", () -> POOL.submit(() -> POOL.submit(() -> Kept.direct(21_007)).get()).get());
        // outlives its load's body
        load("left-behind", () -> {
            CountDownLatch left = new CountDownLatch(1);
            POOL.submit(() -> {
                left.await();
                return Kept.direct(21_008);
            });
            POOL.submit(() -> Kept.direct(21_009));
            left.countDown();
        });
        // of no load, in threads that have worked for loads
        POOL.submit(() -> Kept.direct(99_998)).get();
        POOL.submit(() -> Kept.direct(99_997)).get();
    }

    private void others() throws Exception {
        load("outside", () -> {
            outside(() -> {
                Kept.direct(9_999_999);
                Kept.keep(new byte[9_999_999]);
                Kept.keep(FileChannel.open(file));
                Files.write(directory.resolve("by-nobody"), new byte[55]);
            });
            Kept.direct(22_001);
        });
        load("beside-1", () -> {
            outside(() -> load("beside-2", () -> Kept.direct(22_002)));
            Kept.direct(22_003);
        });
        load("part", () -> {
            Kept.direct(22_004);
            inner(() -> Kept.direct(22_005));
        });
        load("parent", () -> {
            Kept.direct(22_006);
            join(() -> load("child", () -> {
                Kept.direct(22_007);
                Kept.keep(new byte[6_000_000]);
            }));
        });
    }

    // what is the load's, and what is the program's though a load triggered it

    private static final class Initialised {
        static FileChannel channel;

        static {
            try {
                channel = Kept.keep(FileChannel.open(Path.of(System.getProperty("scenario.file"))));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    /** Takes memory of every kind, and starts a thread, that are there for as long as the program is. */
    private static final class InitialisedMemory {
        static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(500_001);
        static final Object BLOCK;
        static final ByteBuffer MAPPING;
        static final Thread THREAD = daemon(Recording::takeDirect);

        static {
            try (FileChannel channel = FileChannel.open(Path.of(System.getProperty("scenario.file")))) {
                BLOCK = reallocate(unsafe("allocateMemory", 500_002L), 600_002L);
                MAPPING = channel.map(FileChannel.MapMode.READ_ONLY, 0, 700_002);
                THREAD.start();
                THREAD.join();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Runs a part of the load, and goes on. */
    private static final class InitialisedInPart {
        static final ByteBuffer BUFFER;

        static {
            try {
                load("initialiser-and-part", () -> Kept.direct(23_001));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            BUFFER = ByteBuffer.allocateDirect(500_004);
        }
    }

    /** Of a kind that Ebb knows by what it extends, whatever it is called. */
    private static final class OwnLogger implements System.Logger {
        @Override
        public String getName() {
            return "own";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
            takeAll();
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            takeAll();
        }

        void takeLarge() {
            Kept.direct(1 << 20);
            Kept.direct(100_001);
        }

        /** 10 MB. */
        void takeSmall() {
            for (int i = 0; i < 200; i++) {
                Kept.direct(50_000);
            }
        }
    }

    /** More of them is not looked at one by one. */
    private static void takeFour() {
        for (int i = 1; i <= 4; i++) {
            Kept.direct(1_000 + i);
        }
    }

    private static final class OwnProvider extends java.security.Provider {
        private static final long serialVersionUID = 1;

        OwnProvider() {
            super("own", "1", "of the test");
            takeAll();
        }
    }

    private static final class OwnLoader extends ClassLoader {
        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            takeAll();
            return super.findClass(name);
        }
    }

    private static void takeDirect() {
        Kept.direct(500_003);
    }

    private static void takeAll() {
        try {
            Kept.keep(FileChannel.open(Path.of(System.getProperty("scenario.file"))));
            Kept.direct(900_001);
            Kept.keep(unsafe("allocateMemory", 900_002L));
            join(() -> Kept.direct(900_003));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Named in ebb.ignore. */
    private static final class Ignored {
        static void open(Path file) throws Exception {
            takeAll();
            Kept.keep(FileChannel.open(file));
            join(() -> Kept.keep(FileChannel.open(file)));
        }
    }

    @SuppressWarnings("removal")
    private void owners() throws Exception {
        System.setProperty("scenario.file", file.toString());
        Path logging = directory.resolve("logging.properties");
        Files.writeString(logging, "handlers=java.util.logging.FileHandler\njava.util.logging.FileHandler.pattern=" + directory.resolve("system-log") + "\n");
        System.setProperty("java.util.logging.config.file", logging.toString());
        load("initialiser", () -> check(Initialised.channel.isOpen()));
        load("initialiser-of-memory", () -> {
            for (int i = 0; i < 100; i++) {
                Kept.direct(11);
            }
            check(InitialisedMemory.BUFFER.isDirect());
            Kept.direct(13);
        });
        load("initialiser-and-part", () -> check(InitialisedInPart.BUFFER.isDirect()));
        load("ignored", () -> Ignored.open(file));
        load("system-logger", () -> System.getLogger("scenario").log(System.Logger.Level.INFO, "line"));
        load("own-logger", () -> new OwnLogger().log(System.Logger.Level.INFO, "line"));
        OwnLogger logger = new OwnLogger();
        load("logger-later", () -> {
            takeFour();
            logger.takeLarge();
        });
        load("logger-later-small", () -> {
            takeFour();
            logger.takeSmall();
        });
        load("own-provider", () -> check(Kept.keep(new OwnProvider()) != null));
        load("own-loader", () -> {
            try {
                new OwnLoader().loadClass("none");
            } catch (ClassNotFoundException e) {
                Kept.direct(14);
            }
        });
        load("logging", () -> {
            FileHandler handler = Kept.keep(new FileHandler(directory.resolve("log").toString()));
            handler.publish(new LogRecord(Level.INFO, "line"));
            check(Kept.keep(Logger.getLogger("scenario")) != null);
        });
        // threads and files that the JDK has for everybody, and makes when somebody needs them first
        load("cleaner", () -> check(Kept.keep(java.lang.ref.Cleaner.create()) != null));
        load("random", () -> check(Kept.keep(new java.security.SecureRandom()).nextInt() != 0));
        load("process", () -> check(new ProcessBuilder("true").start().waitFor() == 0));
        load("common-workers", () -> java.util.stream.IntStream.range(0, 1_000).parallel().forEach(i -> { }));
        load("privileged", () -> java.security.AccessController.doPrivileged((java.security.PrivilegedExceptionAction<FileChannel>) () -> Kept.keep(FileChannel.open(file))));
        load("reflection", () -> Recording.class.getDeclaredMethod("openKept", Path.class).invoke(null, file));
        load("method-handle", () -> {
            MethodHandle open = MethodHandles.lookup().findStatic(Recording.class, "openKept", MethodType.methodType(void.class, Path.class));
            try {
                open.invokeExact(file);
                open.invokeWithArguments(file);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
    }

    static void openKept(Path path) throws Exception {
        Kept.keep(FileChannel.open(path));
    }

    private static void outside(Work work) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        OUTSIDE.put(() -> {
            work.run();
            done.countDown();
        });
        done.await();
    }

    private static void serveOutside() {
        try {
            while (true) {
                OUTSIDE.take().run();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void join(Work work) throws Exception {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        thread.start();
        thread.join();
    }

    private static void release(ByteBuffer buffer) throws Exception {
        Field instance = unsafeType().getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        unsafeType().getMethod("invokeCleaner", ByteBuffer.class).invoke(instance.get(null), buffer);
    }

    private static Object unsafe(String method, Object argument) throws Exception {
        Field instance = unsafeType().getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        return unsafeType().getMethod(method, long.class).invoke(instance.get(null), argument);
    }

    private static Object reallocate(Object address, long bytes) throws Exception {
        Field instance = unsafeType().getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        return unsafeType().getMethod("reallocateMemory", long.class, long.class).invoke(instance.get(null), address, bytes);
    }

    private static Class<?> unsafeType() throws ClassNotFoundException {
        return Class.forName("sun.misc.Unsafe");
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }

    private static void check(boolean truth) {
        if (!truth) {
            throw new AssertionError();
        }
    }
}
