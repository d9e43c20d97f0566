package scenario.ledgers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.StructuredTaskScope;

/** The matrix with what JDK 25 has more: foreign arenas, virtual threads, structured concurrency. */
public final class NewerMatrix {
    private static final ExecutorService PER_TASK = Executors.newVirtualThreadPerTaskExecutor();

    private NewerMatrix() { }

    public static void main(String[] args) throws Exception {
        Routes ways = new Routes(true);
        new Matrix(Path.of(args[0]), kinds(), ways, routes(ways)).run();
    }

    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(Kinds.all());
        kinds.add(Kind.ofBytes("confined-arena", Figure.FOREIGN, (place, size) -> segment(Arena.ofConfined(), size)).givenBackBy(Kind.Back.TAKER));
        kinds.add(Kind.ofBytes("shared-arena", Figure.FOREIGN, (place, size) -> segment(Arena.ofShared(), size)));
        kinds.add(Kind.ofBytes("auto-arena", Figure.FOREIGN, (place, size) -> {
            MemorySegment segment = Arena.ofAuto().allocate(size);
            return segment::byteSize;
        }).givenBackBy(Kind.Back.NOBODY));
        kinds.add(Kind.ofBytes("mapped-into-arena", Figure.MAPPED, NewerMatrix::mapped));
        return kinds;
    }

    static List<Route> routes(Routes ways) {
        List<Route> routes = new ArrayList<>(ways.all());
        routes.add(Route.starting("virtual-thread", work -> Threads.startAndJoin(work, Thread.ofVirtual()::unstarted)));
        routes.add(Route.starting("virtual-thread-that-slept", work -> virtual(work, () -> Thread.sleep(1))));
        routes.add(Route.starting("virtual-thread-woken-by-another-load", work -> wokenByAnotherLoad(work, ways)));
        routes.add(Route.starting("virtual-per-task", NewerMatrix::perTask));
        routes.add(Route.starting("structured-scope", NewerMatrix::structured));
        return routes;
    }

    private static Taken segment(Arena arena, int size) {
        arena.allocate(size - 1_000);
        arena.allocate(1_000);
        return arena::close;
    }

    private static Taken mapped(Place place, int size) throws Exception {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(place.source)) {
            channel.map(FileChannel.MapMode.READ_ONLY, size % 1000, size, arena);
        }
        return arena::close;
    }

    private static void virtual(Work work, Work first) throws Exception {
        Threads.startAndJoin(() -> {
            first.run();
            work.run();
        }, Thread.ofVirtual()::unstarted);
    }

    private static void wokenByAnotherLoad(Work work, Routes ways) throws Exception {
        CountDownLatch woken = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().unstarted(() -> {
            Threads.await(woken);
            Threads.done(work);
        });
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        ways.inAnotherLoad(woken::countDown);
        thread.join();
    }

    /** Waits for the end of the thread, too, which the executor tells nobody. */
    private static void perTask(Work work) throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        PER_TASK.submit(() -> {
            thread.complete(Thread.currentThread());
            return Threads.done(work);
        }).get();
        thread.get().join();
    }

    private static void structured(Work work) throws Exception {
        try (StructuredTaskScope<Integer, Void> scope = StructuredTaskScope.open()) {
            scope.fork(Threads.callable(work));
            scope.join();
        }
    }
}
