package scenario.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** The engine whose loads are watched. */
final class Engine {
    private static final int MOST_WORDS = 64 * 1024;

    private final Path directory;
    /** Read by everybody, and so must never be closed: not by an interrupt either. */
    private final FileChannel shared;
    private final ExecutorService helpers;
    private final Store store;
    /** Parts that loads have given away before they failed; other loads take them. */
    private final ConcurrentLinkedQueue<Part> givenAway = new ConcurrentLinkedQueue<>();

    Engine(Path directory, FileChannel shared, ExecutorService helpers, Store store) {
        this.directory = directory;
        this.shared = shared;
        this.helpers = helpers;
        this.store = store;
    }

    /** Watched. */
    Segment load(String label, Order order) throws Exception {
        List<Part> parts = new ArrayList<>();
        try {
            build(order, parts);
            return end(order, parts);
        } catch (Throwable t) {
            order.stopped |= Sound.stopsLoads(t);
            Sound.check(order.mayBeStopped || !Sound.stopsLoads(t), "stopped though nobody gave up: " + order);
            Sound.check(order.mayBeStopped || !(t instanceof InterruptedException), "interrupted though nobody gave up: " + order);
            if (order.plan == Order.Plan.FAILED && !order.stopped) {
                cleanUp(parts);
            }
            throw t;
        }
    }

    private void build(Order order, List<Part> parts) throws Exception {
        int count = 1 + order.random.nextInt(4);
        for (int i = 0; i < count; i++) {
            pause(order);
            Part part = order.own(make(order, i));
            parts.add(part);
            fill(order, part);
            part.verify();
            readShared(order);
        }
        Part adopted = order.throwsItself() || order.mayBeStopped ? null : givenAway.poll();
        if (adopted != null) {
            adopted.verify();
            parts.add(adopted);
        }
    }

    private Part make(Order order, int number) throws IOException {
        int words = 512 + order.random.nextInt(MOST_WORDS);
        boolean arena = Raw.hasArenas() && order.plan != Order.Plan.PARTLY_PUBLISHED;
        return switch (order.random.nextInt(arena ? 10 : 8)) {
            case 0, 1, 3 -> Part.direct(order, words, order.random.nextLong());
            case 4, 5, 6, 7 -> new Part.Handle(order, words, order.random.nextLong());
            // of a size and content that follow from the label: another load may have made it; a mapping made under an interrupt is lost by the JDK itself
            case 2 -> order.plan == Order.Plan.CANCELLED_BY_INTERRUPT ? Part.direct(order, words, order.random.nextLong()) : Part.mapped(order, directory.resolve(order.label + "." + number), 4_096 + (order.label + number).hashCode() % 4_096, (order.label + number).hashCode());
            default -> Part.arena(order, words, order.random.nextLong());
        };
    }

    private void fill(Order order, Part part) throws Exception {
        if (part.account.file != null) {
            return;
        }
        int middle = part.words / 2;
        switch (order.random.nextInt(8)) {
            case 0 -> helpers.submit(() -> part.fill(0, middle)).get();
            case 1 -> {
                Thread thread = new Thread(() -> part.fill(0, middle), "chaos-helper");
                thread.start();
                thread.join();
            }
            default -> part.fill(0, middle);
        }
        part.fill(middle, part.words);
        boolean mayStay = order.plan != Order.Plan.FAILED && order.plan != Order.Plan.PARTLY_PUBLISHED;
        if (mayStay && order.random.nextInt(16) == 0) {
            leaveBehind(order, part);
        }
    }

    /** A thread that uses the part until after the load. */
    private static void leaveBehind(Order order, Part part) {
        Thread thread = new Thread(() -> {
            try {
                for (int i = 0; i < 10; i++) {
                    part.verify();
                    LockSupport.parkNanos(2_000_000);
                }
            } catch (Throwable t) {
                Sound.wrong(t);
            } finally {
                // a thread that has ended may keep its task, and with that the part
                order.leftBehind.remove(Thread.currentThread());
            }
        }, "chaos-left-behind");
        thread.setDaemon(true);
        order.leftBehind.add(thread);
        thread.start();
    }

    /** A thread that is interrupted here closes the channel for all: those that the program itself interrupts stay away. */
    private void readShared(Order order) throws IOException {
        if (order.plan != Order.Plan.CANCELLED_BY_INTERRUPT) {
            ByteBuffer buffer = ByteBuffer.allocate(4_096);
            shared.read(buffer, 8L * order.random.nextInt(1_000));
            buffer.flip();
            long first = buffer.getLong(0);
            Sound.check(buffer.getLong(8) == first + 1, "wrong bytes in the shared file");
        }
    }

    private static void pause(Order order) throws InterruptedException {
        switch (order.random.nextInt(4)) {
            case 0 -> TimeUnit.MICROSECONDS.sleep(order.random.nextInt(10_000));
            case 1 -> LockSupport.parkNanos(order.random.nextInt(5_000_000));
            default -> { }
        }
    }

    private Segment end(Order order, List<Part> parts) throws Exception {
        switch (order.plan) {
            case TIMED_OUT -> throw new TimeoutException("planned");
            case PARTLY_PUBLISHED -> {
                giveAway(order, parts.get(0));
                throw new TimeoutException("planned");
            }
            case FAILED, FAILED_DIRTY -> throw new IOException("planned");
            default -> { }
        }
        Segment segment = new Segment(order, parts);
        if (order.plan == Order.Plan.PUBLISHED && order.random.nextBoolean()) {
            store.publish(segment, order.random);
        }
        return segment;
    }

    /** To another load, or to the program at once. */
    private void giveAway(Order order, Part part) throws InterruptedException {
        if (order.random.nextBoolean()) {
            part.account.wanted = true;
            givenAway.add(part);
        } else {
            store.publish(new Segment(order, List.of(part)), order.random);
        }
    }

    /** What a careful engine does when it fails. */
    private static void cleanUp(List<Part> parts) throws Exception {
        for (Part part : parts) {
            part.account.releasing = true;
            part.close();
            if (part.account.file != null) {
                Files.deleteIfExists(part.account.file);
            }
        }
    }

    /** Parts that nobody has taken. */
    void close() throws Exception {
        for (Part part = givenAway.poll(); part != null; part = givenAway.poll()) {
            part.verify();
            cleanUp(List.of(part));
        }
    }
}
