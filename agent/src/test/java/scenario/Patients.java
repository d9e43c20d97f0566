package scenario;

import dev.ebb.testing.NativeCalls;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that holds memory in one way that is known by construction. Arguments: the way, and a directory. Says {@code before}, waits for a line on stdin, takes the memory, says
 * {@code after BYTES} with what it took, and waits again.
 */
public final class Patients {
    static final int MIB = 1 << 20;
    private static final long MALLOC = NativeCalls.symbol(0, "malloc");
    private static final long FREE = NativeCalls.symbol(0, "free");
    private static final List<Object> KEPT = new ArrayList<>();
    private static final BlockingQueue<Runnable> WORK = new LinkedBlockingQueue<>();

    private final Path directory;

    Patients(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        Patients patient = new Patients(Path.of(args[1]));
        patient.warmUp();
        patient.prepare(args[0]);
        System.out.println("before");
        System.in.read();
        long bytes = patient.take(args[0]);
        System.out.println("after " + bytes);
        System.in.read();
    }

    /** What runs for the first time costs memory itself. */
    void warmUp() throws Exception {
        NativeCalls.release(FREE, NativeCalls.allocate(MALLOC, 10, 100), 10, 0);
        NativeCalls.inThreadThatEnds(MALLOC, FREE, 10, 100);
        defineClasses(2);
        KEPT.add(mapped("warm", 1));
    }

    /** What is there before, and nobody's who takes the memory. */
    void prepare(String way) throws IOException {
        if (way.equals("threads")) {
            startThreads();
        } else if (way.equals("pageCache")) {
            write("old", 0);
        }
    }

    long take(String way) throws Exception {
        return switch (way) {
            case "live" -> live();
            case "untouched" -> untouched();
            case "freed" -> freed(MALLOC, FREE);
            case "private" -> freedPrivately();
            case "fragmented" -> fragmented();
            case "threads" -> inThreadCaches();
            case "leakedByThread" -> byThreadThatEnds(0);
            case "freedByThread" -> byThreadThatEnds(FREE);
            case "mapped" -> mapFile(false);
            case "deleted" -> mapFile(true);
            case "pageCache" -> pageCache();
            case "huge" -> hugePages();
            case "mmap" -> anonymousMapping();
            case "behindLibrary" -> behindLibrary();
            case "direct" -> direct();
            case "heap" -> heap();
            case "stacks" -> stacks();
            case "classes" -> classes();
            default -> throw new IllegalArgumentException(way);
        };
    }

    private static long live() {
        NativeCalls.allocate(MALLOC, 4_000, 131_056); // with glibc's header just below the size from which each has a mapping of its own
        return 4_000L * 131_056;
    }

    private static long untouched() {
        KEPT.add(NativeCalls.call(MALLOC, 512L * MIB, 0, 0, 0, 0, 0));
        return 512L * MIB;
    }

    /** Every 512th block stays, or the rest might be returned at once as one. */
    private static long freed(long malloc, long free) {
        long blocks = NativeCalls.allocate(malloc, 65_536, 8_192);
        NativeCalls.release(free, blocks, 65_536, 512);
        return (65_536L - 65_536 / 512) * 8_192;
    }

    private static long freedPrivately() {
        String[] library = System.getProperty("scenario.private").split(",");
        long handle = NativeCalls.open(library[0]);
        return freed(NativeCalls.symbol(handle, library[1] + "malloc"), NativeCalls.symbol(handle, library[1] + "free"));
    }

    /** One block of 512 bytes stays in each page. */
    private static long fragmented() {
        long blocks = NativeCalls.allocate(MALLOC, 1 << 20, 496);
        NativeCalls.release(FREE, blocks, 1 << 20, 8);
        return (1L << 20) / 8 * 7 * 512;
    }

    /** They get their work through a queue of the program's own. */
    private static void startThreads() {
        for (int i = 0; i < 100; i++) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        WORK.take().run();
                    }
                } catch (InterruptedException e) {
                    // nobody interrupts them
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Each of 100 threads, which live on, has 10 blocks of 256 KiB in its cache; the test lets the cache take blocks of that size. */
    private static long inThreadCaches() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            WORK.add(() -> {
                NativeCalls.release(FREE, NativeCalls.allocate(MALLOC, 10, 262_144), 10, 0);
                done.countDown();
                Engine.await(done); // so that each of them takes one
            });
        }
        done.await();
        return 100L * 10 * 262_144;
    }

    private static long byThreadThatEnds(long free) {
        NativeCalls.inThreadThatEnds(MALLOC, free, 64_000, 8_192);
        return 64_000L * 8_192;
    }

    private long mapFile(boolean delete) throws IOException {
        KEPT.add(mapped("segment", 512));
        if (delete) {
            Files.delete(directory.resolve("segment"));
        }
        return 512L * MIB;
    }

    private MappedByteBuffer mapped(String name, int mebibytes) throws IOException {
        Path file = write(name, mebibytes);
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
            MappedByteBuffer mapping = opened.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, (long) mebibytes * MIB);
            int sum = 0;
            for (int at = 0; at < mapping.limit(); at += 4096) {
                sum += mapping.get(at);
            }
            KEPT.add(sum);
            return mapping;
        }
    }

    private Path write(String name, int mebibytes) throws IOException {
        Path file = directory.resolve(name);
        byte[] piece = new byte[MIB];
        try (RandomAccessFile created = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < mebibytes; i++) {
                created.write(piece);
            }
        }
        return file;
    }

    private long pageCache() throws IOException {
        write("old", 1024);
        return 1024L * MIB;
    }

    /** One byte written in each 2 MiB, all of which become resident. */
    private static long hugePages() {
        long address = NativeCalls.call("mmap", 0, 514L * MIB, 3, 0x22, -1, 0); // PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS
        long aligned = (address + 2 * MIB - 1) / (2 * MIB) * (2 * MIB);
        NativeCalls.call("madvise", aligned, 512L * MIB, 14); // MADV_HUGEPAGE
        for (long at = 0; at < 512L * MIB; at += 2 * MIB) {
            NativeCalls.call("memset", aligned + at, 1, 1);
        }
        return 512L * MIB;
    }

    private static long anonymousMapping() {
        return fill(NativeCalls.call("mmap", 0, 512L * MIB, 3, 0x22, -1, 0));
    }

    /** The loader itself is mapped uppermost, with much room behind it up to the stack. */
    private static long behindLibrary() throws IOException {
        String loader = "";
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            loader = line.contains("/ld-linux") ? line : loader;
        }
        long end = Long.parseUnsignedLong(loader.substring(loader.indexOf('-') + 1, loader.indexOf(' ')), 16);
        long address = NativeCalls.call("mmap", end, 512L * MIB, 3, 0x100022, -1, 0); // MAP_FIXED_NOREPLACE
        if (address != end) {
            throw new IllegalStateException("mmap answered " + address + " where it was asked for " + end);
        }
        return fill(address);
    }

    private static long fill(long address) {
        NativeCalls.call("madvise", address, 512L * MIB, 15); // MADV_NOHUGEPAGE
        NativeCalls.call("memset", address, 1, 512L * MIB);
        return 512L * MIB;
    }

    private static long direct() {
        for (int i = 0; i < 128; i++) {
            KEPT.add(ByteBuffer.allocateDirect(4 * MIB));
        }
        return 512L * MIB;
    }

    private static long heap() {
        for (int i = 0; i < 480; i++) {
            KEPT.add(new byte[MIB - 16]);
        }
        return 480L * MIB;
    }

    /** Each of 16 threads has once used up all of its 32 MiB, and waits. */
    private static long stacks() throws InterruptedException {
        CountDownLatch deep = new CountDownLatch(16);
        for (int i = 0; i < 16; i++) {
            Thread thread = new Thread(null, () -> {
                try {
                    KEPT.add(descend(1));
                } catch (StackOverflowError expected) {
                    deep.countDown();
                }
                while (true) {
                    LockSupport.park();
                }
            }, "deep", 32L * MIB);
            thread.setDaemon(true);
            thread.start();
        }
        deep.await();
        return 16L * 32 * MIB;
    }

    private static int descend(int depth) {
        return depth + descend(depth + 1);
    }

    /** By the JVM's own count of what metaspace has committed. */
    private static long classes() throws Exception {
        long before = committed();
        defineClasses(3_000);
        return committed() - before;
    }

    private static long committed() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            bytes += pool.getName().equals("Metaspace") ? pool.getUsage().getCommitted() : 0;
        }
        return bytes;
    }

    /** All in one loader, each with 200 methods. */
    private static void defineClasses(int count) throws Exception {
        Loader loader = new Loader();
        for (int i = 0; i < count; i++) {
            KEPT.add(loader.define("generated/Many" + i));
        }
    }

    private static final class Loader extends ClassLoader {
        Class<?> define(String name) throws ClassNotFoundException {
            ClassWriter writer = new ClassWriter(0);
            writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
            for (int i = 0; i < 200; i++) {
                MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "method" + i, "(J)J", null, null);
                method.visitVarInsn(Opcodes.LLOAD, 0);
                method.visitLdcInsn(1_000_000_000_000L + i);
                method.visitInsn(Opcodes.LADD);
                method.visitInsn(Opcodes.LRETURN);
                method.visitMaxs(4, 2);
            }
            writer.visitEnd();
            byte[] code = writer.toByteArray();
            return Class.forName(defineClass(null, code, 0, code.length).getName(), true, this);
        }
    }
}
