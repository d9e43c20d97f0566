package scenario;

import java.io.RandomAccessFile;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A load that times out and leaves its bytes where it is told to. A line on stdin makes the program let go of what it keeps; the next ends it. */
public final class Leaving {
    /** Above what a JVM gains or loses by itself. */
    static final int BYTES = 96 << 20;
    private static final int BLOCK = 64 << 10;

    private static final List<Object> KEPT = new ArrayList<>();

    private Leaving() { }

    /** Watched. */
    static void load(String where, Path directory) throws Exception {
        switch (where) {
            case "returned" -> touch(ByteBuffer.allocateDirect(BYTES));
            case "held-by-heap" -> KEPT.add(touch(ByteBuffer.allocateDirect(BYTES)));
            case "mapped" -> {
                try (FileChannel channel = FileChannel.open(directory.resolve("big"))) {
                    KEPT.add(touch(channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES)));
                }
            }
            case "on-disk" -> write(directory.resolve("new"));
            case "page-cache" -> write(directory.resolve("before"));
            case "held-by-allocator" -> {
                List<Long> blocks = new ArrayList<>();
                for (int i = 0; i < BYTES / BLOCK; i++) {
                    blocks.add(malloc(BLOCK));
                }
                // what comes after them keeps the allocator from giving them back at once
                KEPT.add(malloc(BLOCK));
                for (long block : blocks) {
                    free(block);
                }
            }
            case "unexplained" -> KEPT.add(malloc(BYTES));
            default -> throw new IllegalArgumentException(where);
        }
        throw new TimeoutException(where);
    }

    /** @param args where; a directory */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[1]);
        // the first use of these is not the load's
        free(malloc(BLOCK));
        if (args[0].equals("mapped")) {
            write(directory.resolve("big"));
        }
        new RandomAccessFile(directory.resolve("before").toFile(), "rw").close();
        try {
            load(args[0], directory);
        } catch (TimeoutException expected) {
            System.out.println("waiting");
        }
        await();
        KEPT.clear();
        System.gc();
        System.out.println("let go");
        await();
    }

    private static void await() throws Exception {
        while (System.in.read() != '\n') {
            continue;
        }
    }

    private static ByteBuffer touch(ByteBuffer buffer) {
        for (int i = 0; i < buffer.limit(); i += 4096) {
            buffer.get(i);
        }
        return buffer;
    }

    private static void write(Path path) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            byte[] block = new byte[BLOCK];
            for (int i = 0; i < BYTES / BLOCK; i++) {
                file.write(block);
            }
        }
    }

    /** As native code does: Ebb hears of none of it. All of it is written to. */
    private static long malloc(long bytes) throws Exception {
        long address = (Long) unsafe("allocateMemory", long.class).invoke(unsafe(), bytes);
        unsafe("setMemory", long.class, long.class, byte.class).invoke(unsafe(), address, bytes, (byte) 1);
        return address;
    }

    private static void free(long address) throws Exception {
        unsafe("freeMemory", long.class).invoke(unsafe(), address);
    }

    private static Object unsafe() throws Exception {
        return Class.forName("jdk.internal.misc.Unsafe").getMethod("getUnsafe").invoke(null);
    }

    private static Method unsafe(String name, Class<?>... types) throws Exception {
        return Class.forName("jdk.internal.misc.Unsafe").getMethod(name, types);
    }
}
