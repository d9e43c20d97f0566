package scenario;

import dev.ebb.testing.NativeBlocks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Loads whose results and handles are closed by Ebb, and closes that hang, throw, or depend on each other. Each line on stdin is one load, or "release" for
 * the lock that hanging closes wait for, or "look" to print the order of all closes so far.
 */
public final class Closes {
    private static final List<String> CLOSED = Collections.synchronizedList(new ArrayList<>());
    private static final NativeBlocks BLOCKS = new NativeBlocks();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final ExecutorService POOL = Executors.newCachedThreadPool(Closes::daemon);
    private static final Searched LIVE = new Searched("live");
    private static final BlockingQueue<Searched> VISITED = new LinkedBlockingQueue<>();
    private static final CountDownLatch MAY_LEAVE = new CountDownLatch(1);

    private Closes() { }

    /** What {@code ebb.track} names: stands for native memory that must be freed after all that uses it. */
    static class Handle implements AutoCloseable {
        final String name;
        Handle uses;

        Handle(String name, Handle uses) {
            this.name = name;
            this.uses = uses;
        }

        @Override
        public void close() throws IOException {
            CLOSED.add(name);
        }
    }

    /** Tracked as well: of an engine older than AutoCloseable. */
    static final class OldHandle {
        final Handle uses = new Handle("used by old", null);

        public void close() {
            CLOSED.add("old");
        }
    }

    static final class Throws extends Handle {
        Throws(String name, Handle uses) {
            super(name, uses);
        }

        @Override
        public void close() throws IOException {
            CLOSED.add(name);
            throw new IOException("no close of " + name);
        }
    }

    /** Its close needs a lock that the program does not let go of. */
    static final class Stuck implements AutoCloseable {
        final String name;
        private final long[] blocks;

        /** @param blocks how many times 100,000 bytes its close frees */
        Stuck(String name, int blocks) {
            this.name = name;
            this.blocks = new long[blocks];
            Arrays.setAll(this.blocks, i -> BLOCKS.allocate(100_000));
            if (blocks > 0) {
                // stays, so that what is freed below it lies within the allocator's heap
                BLOCKS.allocate(1_000);
            }
        }

        @Override
        public void close() {
            LOCK.lock();
            try {
                CLOSED.add(name);
                Arrays.stream(blocks).forEach(BLOCKS::free);
            } finally {
                LOCK.unlock();
            }
        }
    }

    /** Searched by threads of which one is inside at every moment: it leaves when the next has come in. */
    static final class Searched implements AutoCloseable {
        private final String name;
        private final AtomicReference<Thread> inside = new AtomicReference<>();

        Searched(String name) {
            this.name = name;
        }

        void search() {
            inside.set(Thread.currentThread());
            while (inside.get() == Thread.currentThread()) {
                Thread.onSpinWait();
            }
        }

        /** Once compiled it has no use for {@code this} while it waits, as native code that was given a handle has none. @return whether it was closed meanwhile */
        boolean stay(CountDownLatch mayLeave) {
            String mine = name;
            Engine.await(mayLeave);
            return CLOSED.contains(mine);
        }

        @Override
        public void close() {
            CLOSED.add(name);
        }
    }

    // the watched methods

    static AutoCloseable load(String name, CountDownLatch mayEnd) {
        Engine.await(mayEnd);
        if (name.equals("inside")) {
            Searched searched = new Searched(name);
            VISITED.add(searched);
            return searched;
        }
        return name.startsWith("stuck") ? new Stuck(name, name.equals("stuck-large") ? 640 : 0) : new Searched(name);
    }

    /** Options that were given a cache made later, and something opened with them. */
    static void open(String name) throws TimeoutException {
        Handle options = new Handle("options", null);
        Handle opened = new Handle("opened", options);
        options.uses = new Handle("cache", null);
        new Handle("iterator", opened);
        throw new TimeoutException(name);
    }

    static void openThrowing(String name) throws TimeoutException {
        Handle base = new Handle("base of throwing", null);
        new Handle("user of throwing", new Throws("throwing", base));
        throw new TimeoutException(name);
    }

    static void openBase(String name, List<Handle> between) throws TimeoutException {
        between.add(new Handle("base", null));
        throw new TimeoutException(name);
    }

    static void openUser(String name, List<Handle> between) throws TimeoutException {
        new Handle("user", between.get(0));
        throw new TimeoutException(name);
    }

    /** Each by a thread of its own, and none refers to another: only when they were made tells which may use which. */
    static void openInThreads(String name) throws Exception {
        for (String made : List.of("first", "second", "third", "fourth")) {
            Thread thread = new Thread(() -> new Handle(made, null));
            thread.start();
            thread.join();
        }
        throw new TimeoutException(name);
    }

    static void openOld(String name) throws TimeoutException {
        new OldHandle();
        throw new TimeoutException(name);
    }

    public static void main(String[] args) throws Exception {
        LOCK.lock();
        System.out.println("waiting");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); !line.equals("end"); line = in.readLine()) {
            String name = line;
            switch (line) {
                case "release" -> LOCK.unlock();
                case "look" -> System.out.println("closed " + CLOSED);
                case "order" -> times(() -> open(name));
                case "throwing" -> times(() -> openThrowing(name));
                case "across" -> across();
                case "old" -> times(() -> openOld(name));
                case "threads" -> times(() -> openInThreads(name));
                case "good" -> POOL.submit(() -> load(name, new CountDownLatch(0))).get().close();
                case "leave" -> MAY_LEAVE.countDown();
                case "inside" -> {
                    new Thread(Closes::visit, "scenario-visitor").start();
                    abandon(name);
                }
                case "busy" -> {
                    daemon(Closes::searchOn).start();
                    daemon(Closes::searchOn).start();
                    abandon(name);
                }
                default -> abandon(name);
            }
        }
    }

    /** The older load has what the younger one uses, and by the time of a collection nobody reaches either. */
    private static void across() throws Exception {
        List<Handle> between = new ArrayList<>();
        times(() -> openBase("base", between));
        times(() -> openUser("user", between));
    }

    private static void abandon(String name) throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Future<AutoCloseable> future = POOL.submit(() -> load(name, mayEnd));
        times(() -> future.get(20, TimeUnit.MILLISECONDS));
        mayEnd.countDown();
    }

    private static void visit() {
        try {
            System.out.println("closed under its visitor: " + VISITED.take().stay(MAY_LEAVE));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void searchOn() {
        while (true) {
            LIVE.search();
            LockSupport.parkNanos(1_000_000);
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

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }
}
