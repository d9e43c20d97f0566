package scenario.hostile;

import dev.ebb.testing.NativeBlocks;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Loads that do not let go: nothing of them may be freed while a thread is inside, and that can take for ever. */
final class Inside {
    private Inside() { }

    static List<Deed> deeds(Path directory) {
        return List.of(new Swallows(), new ReadsFifo(directory), new Accepts(), new WaitsForProcess(), new Daemon(), new Recursion(), new Unlocked(), new Raw());
    }

    /** Asks for memory in a loop, and nothing that is thrown stops it. */
    private static final class Swallows extends Deed {
        private final AtomicInteger swallowed = new AtomicInteger();

        Swallows() {
            super("swallows", 50_001);
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, this::load);
        }

        private Segment load(Order order) {
            Segment segment = new Segment(order);
            order.begun.countDown();
            while (order.mayEnd.getCount() > 0) {
                try {
                    ByteBuffer.allocateDirect(4_096);
                    Thread.sleep(1);
                } catch (Throwable t) {
                    swallowed.incrementAndGet();
                }
            }
            Order.check(segment.isRight(), "freed while a thread was inside");
            return segment;
        }

        @Override
        String late() throws Exception {
            // each one that is thrown costs a core as much as a page fault: Ebb has to become slower
            return super.late() + (swallowed.get() < 5_000 ? " swallowed few" : " swallowed " + swallowed);
        }
    }

    /** Blocks in native code first to open and then to read a pipe; no interrupt and no close ends that. */
    private static final class ReadsFifo extends Deed {
        private final Path fifo;
        private volatile int read;

        ReadsFifo(Path directory) {
            super("fifo", 50_002);
            fifo = directory.resolve("fifo");
        }

        @Override
        void begin() throws Exception {
            Order.check(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0, "no mkfifo");
            Loads.abandon(order, this::load);
        }

        private Segment load(Order order) throws IOException {
            Segment segment = new Segment(order);
            order.begun.countDown();
            try (FileInputStream in = new FileInputStream(fifo.toFile())) {
                read = in.read();
            }
            Order.check(segment.isRight(), "freed while a thread was inside");
            return segment;
        }

        @Override
        void lead() throws IOException {
            try (FileOutputStream out = new FileOutputStream(fifo.toFile())) {
                out.write(77);
            }
            Order.await(order.ended);
        }

        @Override
        String program() {
            return "read " + read;
        }
    }

    /** Waits for a connection. */
    private static final class Accepts extends Deed {
        private final ServerSocket server;

        Accepts() {
            super("accepts", 50_003);
            try {
                server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, this::load);
        }

        private Segment load(Order order) throws IOException {
            Segment segment = new Segment(order);
            order.begun.countDown();
            server.accept().close();
            Order.check(segment.isRight(), "freed while a thread was inside");
            return segment;
        }

        @Override
        void lead() throws IOException {
            new Socket(server.getInetAddress(), server.getLocalPort()).close();
            Order.await(order.ended);
        }

        @Override
        String program() {
            return "server closed " + server.isClosed();
        }
    }

    /** Waits for another process, and goes on to wait when it is interrupted. */
    private static final class WaitsForProcess extends Deed {
        private Process process;
        private volatile int exit = -1;

        WaitsForProcess() {
            super("process", 50_004);
        }

        @Override
        void begin() throws Exception {
            process = new ProcessBuilder("cat").start();
            Loads.abandon(order, this::load);
        }

        private Segment load(Order order) {
            Segment segment = new Segment(order);
            order.begun.countDown();
            while (exit < 0) {
                try {
                    exit = process.waitFor();
                } catch (InterruptedException ignored) {
                    // it waits on
                }
            }
            Order.check(segment.isRight(), "freed while a thread was inside");
            return segment;
        }

        @Override
        void lead() throws IOException {
            process.getOutputStream().close();
            Order.await(order.ended);
        }

        @Override
        String program() {
            return "exit " + exit;
        }
    }

    /** Leaves a thread behind that never ends and goes on to use the load's memory. */
    private static final class Daemon extends Deed {
        private final AtomicInteger rounds = new AtomicInteger();
        private volatile boolean wrong;

        Daemon() {
            super("daemon", 50_005);
        }

        @Override
        void begin() throws Exception {
            Loads.timesOut(order, this::load);
        }

        private Object load(Order order) throws TimeoutException {
            Segment segment = new Segment(order);
            CountDownLatch begun = new CountDownLatch(1);
            Loads.daemon(() -> work(segment, begun)).start();
            Order.await(begun);
            throw new TimeoutException("its thread goes on");
        }

        private void work(Segment segment, CountDownLatch begun) {
            while (true) {
                wrong |= !segment.isRight();
                rounds.incrementAndGet();
                begun.countDown();
                try {
                    TimeUnit.MILLISECONDS.sleep(1);
                } catch (InterruptedException ignored) {
                    // it goes on
                }
            }
        }

        @Override
        void lead() {
            int before = rounds.get();
            while (rounds.get() < before + 20) {
                Thread.onSpinWait();
            }
        }

        @Override
        String program() {
            return "wrong " + wrong;
        }
    }

    /** Calls itself until the stack is full, with memory at every tenth step, and times out down there. */
    private static final class Recursion extends Deed {
        private int deepest;

        Recursion() {
            super("recursion", 50_006);
        }

        @Override
        void begin() throws Exception {
            Loads.timesOut(order, o -> dig(0));
        }

        private Object dig(int depth) throws Exception {
            deepest = depth;
            ByteBuffer memory = depth % 10 == 0 ? ByteBuffer.allocateDirect(1_000) : null;
            if (depth == 100) {
                overflow(0);
                throw new TimeoutException("at the bottom");
            }
            Object deeper = Loads.load(order.name, order, o -> dig(depth + 1));
            Order.check(memory == null || memory.limit() == 1_000, "memory");
            return deeper;
        }

        private static void overflow(int depth) {
            try {
                overflow(depth + 1);
            } catch (StackOverflowError expected) {
                // unwound frame by frame
            }
        }

        @Override
        String program() {
            return "depth " + deepest;
        }
    }

    /** Is stopped with a lock of the program in hand; it gives it back in a {@code finally}, and somebody waits for it. */
    private static final class Unlocked extends Deed {
        private final Object lock = new Object();
        private final CountDownLatch got = new CountDownLatch(1);

        Unlocked() {
            super("unlocked", 50_007);
        }

        @Override
        void begin() throws Exception {
            Loads.abandon(order, this::load);
            Loads.daemon(() -> {
                synchronized (lock) {
                    got.countDown();
                }
            }).start();
        }

        private Segment load(Order order) {
            synchronized (lock) {
                Segment segment = new Segment(order);
                order.pass();
                Order.check(ByteBuffer.allocateDirect(10).limit() == 10 && segment.isRight(), "freed while a thread was inside");
                return segment;
            }
        }

        @Override
        String program() {
            Order.await(got);
            return "lock is free";
        }
    }

    /** What {@code ebb.track} names: whoever has its address needs it no more. */
    static final class Handle implements AutoCloseable {
        final long address;
        private final Order order;

        Handle(Order order) {
            this.order = order;
            this.address = new NativeBlocks().allocate(order.bytes);
        }

        @Override
        public void close() {
            order.closes.incrementAndGet();
            new NativeBlocks().free(address);
        }
    }

    /**
     * Leaves a thread behind that has nothing but the address of native memory, as native code has. No collection can prove that memory to be in use: only that
     * a thread is inside says so.
     */
    private static final class Raw extends Deed {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean freed;

        Raw() {
            super("raw", 50_008);
        }

        @Override
        void begin() throws Exception {
            Loads.timesOut(order, this::load);
        }

        private Object load(Order order) throws TimeoutException {
            long address = new Handle(order).address;
            CountDownLatch begun = new CountDownLatch(1);
            Loads.daemon(() -> work(address, begun)).start();
            Order.await(begun);
            throw new TimeoutException("its thread goes on");
        }

        private void work(long address, CountDownLatch begun) {
            begun.countDown();
            Order.await(order.mayEnd);
            freed = address != 0 && order.closes.get() > 0;
            ended.countDown();
        }

        @Override
        String program() {
            Order.await(ended);
            return "freed under its user " + freed;
        }
    }
}
