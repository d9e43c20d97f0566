package scenario;

import scenario.Engine.Order;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Loads that are over for their callers while a thread is still inside: the body itself, a thread that the load has started, a task that it has left in
 * a pool, and one that still waits there for its turn. Each leaves when a line on stdin says so.
 */
public final class Held {
    private static final ExecutorService POOL = Executors.newFixedThreadPool(1, Held::daemon);
    private static final ExecutorService CALLS = Executors.newFixedThreadPool(1, Held::daemon);
    private static final Order BODY = new Order("body", 70_001);
    private static final CountDownLatch HELPER_MAY_LEAVE = new CountDownLatch(1);
    private static final CountDownLatch TASK_MAY_LEAVE = new CountDownLatch(1);
    private static final CountDownLatch WORKING = new CountDownLatch(2);

    private static FileChannel openedByHelper;
    private static FileChannel openedByTask;
    private static FileChannel openedByBody;

    private Held() { }

    /** Watched. A thread of its own is left behind. */
    static void withHelper(Path file) throws TimeoutException {
        new Thread(() -> helper(file), "scenario-helper").start();
        Engine.await(WORKING);
        throw new TimeoutException("helper is late");
    }

    private static void helper(Path file) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(70_002);
        openedByHelper = open(file);
        WORKING.countDown();
        WORKING.countDown();
        Engine.await(HELPER_MAY_LEAVE);
        // the buffer is held until here, else a collection may free it
        check(buffer.limit() == 70_002 && openedByHelper.isOpen());
    }

    /** Watched. Two tasks are left behind in a pool with one thread. */
    static void withTasks(Path file) throws TimeoutException {
        openedByBody = open(file);
        CountDownLatch begun = new CountDownLatch(1);
        POOL.submit(() -> task(file, begun));
        POOL.submit(() -> check(openedByTask.isOpen()));
        Engine.await(begun);
        throw new TimeoutException("tasks are late");
    }

    private static void task(Path file, CountDownLatch begun) {
        openedByTask = open(file);
        begun.countDown();
        Engine.await(TASK_MAY_LEAVE);
        check(openedByTask.isOpen() && openedByBody.isOpen());
    }

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        giveUpOnBody();
        times(() -> withHelper(file));
        times(() -> withTasks(file));
        System.out.println("waiting");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); !line.equals("end"); line = in.readLine()) {
            switch (line) {
                case "look" -> System.out.println("open " + openedByHelper.isOpen() + " " + openedByTask.isOpen() + " " + openedByBody.isOpen() + " closed " + BODY.closes);
                case "body" -> BODY.open();
                case "helper" -> HELPER_MAY_LEAVE.countDown();
                case "task" -> TASK_MAY_LEAVE.countDown();
                default -> throw new AssertionError(line);
            }
        }
    }

    /** In a frame of its own, which would keep the future in reach. */
    private static void giveUpOnBody() throws Exception {
        Future<Segment> future = CALLS.submit(() -> Engine.load("body", BODY));
        Engine.await(BODY.begun);
        times(() -> future.get(20, TimeUnit.MILLISECONDS));
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

    private static FileChannel open(Path file) {
        try {
            return FileChannel.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
