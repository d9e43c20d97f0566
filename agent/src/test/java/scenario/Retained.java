package scenario;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Loads that fail with a timeout, and whose memory somebody in the program keeps; each in another way. */
public final class Retained {
    private static final Map<String, Object> SEGMENTS = new ConcurrentHashMap<>();
    private static final List<SoftReference<ByteBuffer>> SOFT = new ArrayList<>();
    private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();
    private static final AtomicReference<ByteBuffer> HANDED_OVER = new AtomicReference<>();
    private static final CountDownLatch END = new CountDownLatch(1);
    private static final CountDownLatch HOLDING = new CountDownLatch(2);
    private static WeakReference<ByteBuffer> weak;
    private static ByteBuffer mapped;

    private Retained() { }

    private static final class Segment {
        private final ByteBuffer buf;

        Segment(ByteBuffer buf) {
            this.buf = buf;
        }
    }

    interface Keeper {
        void keep(ByteBuffer buffer);
    }

    /** Watched. */
    static void load(String how, int bytes, Keeper keeper) throws TimeoutException {
        keeper.keep(ByteBuffer.allocateDirect(bytes));
        throw new TimeoutException(how);
    }

    /** Watched. */
    static void map(String how, Path file) throws TimeoutException, IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 5_000, 3_000);
        }
        throw new TimeoutException(how);
    }

    public static void main(String[] args) throws Exception {
        times(() -> load("static", 80_001, buffer -> SEGMENTS.put("a", new Segment(buffer))));
        times(() -> load("soft", 80_002, buffer -> SOFT.add(new SoftReference<>(buffer))));
        times(() -> load("weak", 80_003, buffer -> weak = new WeakReference<>(buffer)));
        times(() -> load("frame", 80_004, buffer -> start("scenario-frame", holding(new Segment(buffer)))));
        times(() -> load("local", 80_005, buffer -> {
            HANDED_OVER.set(buffer);
            start("scenario-local", Retained::local);
        }));
        // in reach from no class of the program's
        times(() -> load("jdk", 80_006, buffer -> System.getProperties().put("kept", new Object[] {null, buffer})));
        times(() -> map("mapped", Path.of(args[0])));
        Engine.await(HOLDING);
        System.out.println("waiting");
        System.in.read();
        check(((Segment) SEGMENTS.get("a")).buf.limit() == 80_001 && mapped.limit() == 3_000);
        END.countDown();
    }

    private static Runnable holding(Segment segment) {
        return () -> hold(segment);
    }

    private static void hold(Segment segment) {
        HOLDING.countDown();
        Engine.await(END);
        check(segment.buf.limit() == 80_004);
    }

    private static void local() {
        take();
        HOLDING.countDown();
        Engine.await(END);
    }

    /** In a frame of its own, which would hold the buffer as well. */
    private static void take() {
        LOCAL.set(HANDED_OVER.getAndSet(null));
    }

    private static void start(String name, Runnable body) {
        // not the load's: it would never be quiet
        Starter.QUEUE.add(new Thread(body, name));
        Starter.MORE.release();
    }

    /** Starts threads for others. */
    private static final class Starter {
        static final java.util.Queue<Thread> QUEUE = new java.util.concurrent.ConcurrentLinkedQueue<>();
        static final java.util.concurrent.Semaphore MORE = new java.util.concurrent.Semaphore(0);

        static {
            Thread starter = new Thread(Starter::run, "scenario-starter");
            starter.setDaemon(true);
            starter.start();
        }

        private static void run() {
            while (true) {
                MORE.acquireUninterruptibly();
                Thread thread = QUEUE.poll();
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void times(Call call) throws Exception {
        try {
            call.run();
            throw new AssertionError();
        } catch (TimeoutException expected) {
            // what is left behind is the subject
        }
    }

    private static void check(boolean truth) {
        if (!truth) {
            throw new AssertionError();
        }
    }
}
