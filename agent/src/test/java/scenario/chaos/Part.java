package scenario.chaos;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A piece of off-heap memory, with words that follow from its seed, and really freed by its close. Knows whether the program still wants it; a close that
 * the program has not asked for while it does is a fault, and so is a second one.
 */
abstract class Part implements AutoCloseable {
    /** What outlives the part. */
    static final class Account {
        final long load;
        final String kind;
        final AtomicInteger closes = new AtomicInteger();
        /** The program has it, and will close it itself. */
        volatile boolean wanted;
        volatile boolean releasing;
        /** The file that it lies in, or null. */
        volatile Path file;
        private volatile WeakReference<Part> part;

        Account(long load, String kind) {
            this.load = load;
            this.kind = kind;
        }

        /** Freed, or left to the garbage collector, which frees buffers and nothing else. */
        boolean isGone() {
            return closes.get() > 0 || !kind.equals("handle") && part.refersTo(null);
        }

        @Override
        public String toString() {
            return kind + " of load " + load + " wanted " + wanted + " releasing " + releasing + " closes " + closes + " file " + file;
        }
    }

    final Account account;
    final int words;
    private final long seed;

    Part(Order order, String kind, int words, long seed) {
        this.account = new Account(order.id, kind);
        this.account.part = new WeakReference<>(this);
        this.words = words;
        this.seed = seed;
    }

    abstract long get(int word);

    abstract void put(int word, long value);

    abstract void free();

    final void fill(int from, int to) {
        for (int i = from; i < to; i++) {
            put(i, word(seed, i));
        }
    }

    final void verify() {
        for (int i = 0; i < words; i++) {
            if (get(i) != word(seed, i)) {
                throw new AssertionError("wrong word " + i + " in " + account);
            }
        }
        if (account.closes.get() > 0) {
            throw new AssertionError("closed while it was read: " + account);
        }
        Sound.CHECKS.incrementAndGet();
    }

    static long word(long seed, int i) {
        long mixed = (seed + i) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 29;
    }

    @Override
    public final void close() {
        boolean first = account.closes.incrementAndGet() == 1;
        Sound.check(first, "closed twice: " + account);
        Sound.check(!account.wanted || account.releasing, "closed though it is wanted: " + account);
        if (first) {
            free();
        }
    }

    private static class Buffered extends Part {
        private final ByteBuffer buffer;

        Buffered(Order order, String kind, ByteBuffer buffer, long seed) {
            super(order, kind, buffer.limit() / 8, seed);
            this.buffer = buffer;
        }

        @Override
        long get(int word) {
            return buffer.getLong(8 * word);
        }

        @Override
        void put(int word, long value) {
            buffer.putLong(8 * word, value);
        }

        @Override
        void free() {
            Raw.clean(buffer);
        }
    }

    static Part direct(Order order, int words, long seed) {
        return new Buffered(order, "direct", ByteBuffer.allocateDirect(8 * words), seed);
    }

    /** Shared, so that it can be closed under its users without a crash. */
    private static final class InArena extends Buffered {
        private final AutoCloseable arena;

        InArena(Order order, AutoCloseable arena, int words, long seed) {
            super(order, "arena", Raw.in(arena, 8L * words), seed);
            this.arena = arena;
        }

        @Override
        void free() {
            Raw.close(arena);
        }
    }

    static Part arena(Order order, int words, long seed) {
        AutoCloseable arena = Raw.sharedArena();
        return new InArena(order, arena, words, seed);
    }

    /** A native handle: what {@code ebb.track} names. */
    static final class Handle extends Part {
        private final long address;

        Handle(Order order, int words, long seed) {
            super(order, "handle", words, seed);
            address = Raw.allocate(8L * words);
        }

        @Override
        long get(int word) {
            return Raw.get(address + 8L * word);
        }

        @Override
        void put(int word, long value) {
            Raw.put(address + 8L * word, value);
        }

        @Override
        void free() {
            Raw.free(address);
        }
    }

    /** A file as a local copy is made: under another name first, unless a load before has left it. Its words are the same whoever makes it. */
    static Part mapped(Order order, Path file, int words, long seed) throws IOException {
        if (!Files.exists(file)) {
            Path unfinished = file.resolveSibling(file.getFileName() + "." + order.id);
            ByteBuffer content = ByteBuffer.allocate(8 * words);
            for (int i = 0; i < words; i++) {
                content.putLong(8 * i, word(seed, i));
            }
            try (FileChannel out = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                while (content.hasRemaining()) {
                    out.write(content);
                }
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            Part part = new Buffered(order, "mapped", in.map(FileChannel.MapMode.READ_ONLY, 0, 8L * words), seed);
            part.account.file = file;
            return part;
        }
    }
}
