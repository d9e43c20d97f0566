package scenario;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One load for each of its phases, and each is in that phase when its time is over: its caller gives up ({@code get}), its future is cancelled
 * ({@code cancel}), or its deadline passes ({@code deadline}). First comes a good one. A line on stdin begins the others, the next lets them go on; after a third one the
 * program tells what it has.
 */
public final class Phases {
    /** Before the first resource; with half a file written; blocked in the write itself; and so on. In the order in which a load comes to them. */
    private static final List<String> ALL = List.of("nothing", "written", "writes", "mapped", "allocated", "helped", "part", "fails", "cleans", "publishes", "published", "returns", "returned");
    private static final ConcurrentHashMap<String, Segment> REGISTRY = new ConcurrentHashMap<>();
    private static final ExecutorService POOL = Executors.newCachedThreadPool(Phases::daemon);
    private static final CountDownLatch MAY_READ = new CountDownLatch(1);
    private static Path directory;

    private Phases() { }

    private static final class Order {
        final String phase;
        final Engine.Order engine;

        Order(String phase, int bytes) {
            this.phase = phase;
            engine = new Engine.Order(phase, bytes);
        }

        /** Here it is held, if this is the phase in which its time is over. */
        void at(String where) {
            if (where.equals(phase)) {
                engine.begun.countDown();
                Engine.await(engine.mayEnd);
            }
        }
    }

    /** Watched. */
    static Segment load(String name, Order order) throws Exception {
        order.at("nothing");
        try (FileChannel channel = FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(20_000));
            order.at("written");
            channel.write(ByteBuffer.allocate(20_000));
            if (order.phase.equals("writes")) {
                writeToPipe(order);
            }
            ByteBuffer mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, 40_000);
            order.at("mapped");
            Segment segment = new Segment(order.engine.bytes, order.engine.closes);
            order.at("allocated");
            mapping.putInt(0, order.engine.bytes);
            return finish(order, segment);
        }
    }

    private static Segment finish(Order order, Segment segment) throws Exception {
        if (order.phase.equals("helped")) {
            Thread helper = daemon(() -> order.at("helped"));
            helper.start();
            join(helper);
        }
        part(order.phase, order);
        if (order.phase.equals("fails") || order.phase.equals("cleans")) {
            fail(order, segment);
        }
        if (order.phase.startsWith("publish")) {
            REGISTRY.computeIfAbsent(order.phase, key -> {
                order.at("publishes");
                return segment;
            });
            order.at("published");
        }
        try {
            return segment;
        } finally {
            order.at("returns");
        }
    }

    /** Watched as well. */
    static void part(String name, Order order) {
        order.at("part");
    }

    /** As well-behaved loaders do: closes what it has made before it throws. */
    private static void fail(Order order, Segment segment) throws IOException {
        try {
            order.at("fails");
            throw new IOException("broken");
        } finally {
            order.at("cleans");
            segment.close();
        }
    }

    /** The pipe holds 64 KiB, so the thread stays in the write until somebody reads. */
    private static void writeToPipe(Order order) throws IOException {
        try (FileOutputStream pipe = new FileOutputStream(directory.resolve("pipe").toFile())) {
            order.engine.begun.countDown();
            pipe.write(new byte[200_000]);
        }
    }

    private static void readPipe() {
        try (FileInputStream pipe = new FileInputStream(directory.resolve("pipe").toFile())) {
            Engine.await(MAY_READ);
            byte[] some = new byte[64 * 1_024];
            while (pipe.read(some) >= 0) {
                // the writer goes on
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** @param args directory of its own, with a FIFO named pipe; get, cancel or deadline */
    public static void main(String[] args) throws Exception {
        directory = Path.of(args[0]);
        daemon(Phases::readPipe).start();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        try (Segment good = POOL.submit(() -> load("good", new Order("good", 60_000))).get()) {
            System.out.println("good has " + good.memory.limit());
        }
        in.readLine();
        List<Order> orders = new ArrayList<>();
        for (String phase : ALL) {
            orders.add(new Order(phase, 60_001 + orders.size()));
        }
        switch (args[1]) {
            case "get" -> orders.forEach(Phases::giveUp);
            case "cancel" -> orders.forEach(Phases::cancel);
            default -> orders.forEach(order -> daemon(() -> run(order)).start());
        }
        for (Order order : orders) {
            Engine.await(order.engine.begun);
        }
        System.out.println("waiting");
        in.readLine();
        MAY_READ.countDown();
        orders.forEach(order -> order.engine.mayEnd.countDown());
        for (Order order : orders) {
            Engine.await(order.engine.ended);
        }
        System.out.println("ended");
        in.readLine();
        for (Order order : orders) {
            System.out.println(order.phase + " closed " + order.engine.closes + (Files.exists(directory.resolve(order.phase)) ? " with its file" : ""));
        }
        REGISTRY.forEach((name, segment) -> System.out.println(name + " has " + segment.memory.limit()));
    }

    private static Segment run(Order order) {
        try {
            Segment segment = load(order.phase, order);
            order.at("returned");
            return segment;
        } catch (Throwable broken) {
            // by its own fault, or because Ebb has ended it
            return null;
        } finally {
            order.engine.ended.countDown();
        }
    }

    /** In a method of its own: the future is in nobody's hands afterwards. */
    private static void giveUp(Order order) {
        Future<Segment> future = POOL.submit(() -> run(order));
        Engine.await(order.engine.begun);
        try {
            future.get(20, TimeUnit.MILLISECONDS);
            throw new AssertionError(order.phase);
        } catch (TimeoutException expected) {
            // nobody comes back
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void cancel(Order order) {
        Future<Segment> future = POOL.submit(() -> run(order));
        Engine.await(order.engine.begun);
        future.cancel(true);
    }

    private static void join(Thread thread) {
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException ignored) {
                // as native code would
            }
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scenario-pool");
        thread.setDaemon(true);
        return thread;
    }
}
