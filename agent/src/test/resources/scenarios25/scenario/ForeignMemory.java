package scenario;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Good loads that take memory by the API of JDK 22 and later, and loads on virtual threads. */
public final class ForeignMemory {
    private ForeignMemory() { }

    /** An arena for as long as the program is, and more in arenas that others have. */
    private static final class Initialised {
        static final Arena ARENA = Arena.ofShared();
        static final MemorySegment SEGMENT = ARENA.allocate(600_001);
        static final MemorySegment GLOBAL = Arena.global().allocate(600_002);
    }

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        Files.write(file, new byte[2_000_003]);
        Recording.load("shared", () -> {
            Arena arena = Kept.keep(Arena.ofShared());
            arena.allocate(30_002_016);
            arena.allocate(1_001);
            arena.allocate(64, 64);
        });
        Recording.load("shared-closed", () -> {
            try (Arena arena = Arena.ofShared()) {
                arena.allocate(5_000_000);
            }
        });
        Recording.load("confined", () -> {
            Arena arena = Kept.keep(Arena.ofConfined());
            arena.allocate(1_003);
            arena.allocateFrom(ValueLayout.JAVA_LONG, 1, 2, 3);
        });
        Recording.load("confined-closed", () -> {
            try (Arena arena = Arena.ofConfined()) {
                arena.allocate(1_004);
            }
        });
        Recording.load("auto", () -> {
            MemorySegment segment = Kept.keep(Arena.ofAuto().allocate(777_777));
            // views are no memory of their own
            Kept.keep(segment.asSlice(1_000, 2_000));
            ByteBuffer view = Kept.keep(segment.asByteBuffer());
            check(view.isDirect());
        });
        Recording.load("mapped", () -> {
            try (FileChannel channel = FileChannel.open(file); Arena closed = Arena.ofConfined()) {
                Kept.keep(channel.map(FileChannel.MapMode.READ_ONLY, 5_000, 1_000_003, Kept.keep(Arena.ofShared())));
                Kept.keep(channel.map(FileChannel.MapMode.READ_ONLY, 0, 10_001, Arena.ofAuto()));
                channel.map(FileChannel.MapMode.READ_ONLY, 0, 2_000_003, closed);
            }
        });
        Arena before = Arena.ofShared();
        Recording.load("arena-of-before", () -> before.allocate(50_000));
        Kept.keep(before);
        Recording.load("closes-arena-of-before", Arena.ofShared()::close);
        Arena lent = Arena.ofShared();
        lent.allocate(7);
        Recording.load("lent-and-closed", () -> {
            lent.allocate(60_000);
            Kept.keep(Arena.ofConfined()).allocate(8);
            lent.close();
        });
        Recording.load("initialiser", () -> {
            for (int i = 0; i < 10; i++) {
                Kept.keep(Arena.ofAuto()).allocate(11);
            }
            check(Initialised.SEGMENT.byteSize() + Initialised.GLOBAL.byteSize() == 1_200_003);
            Initialised.ARENA.allocate(12);
        });
        virtualThreads();
        System.out.println("done");
    }

    private static void virtualThreads() throws Exception {
        Thread.ofVirtual().start(() -> load("on-virtual-thread", 31_001)).join();
        Recording.load("starts-virtual-thread", () -> Thread.ofVirtual().start(() -> Kept.direct(31_002)).join());
        ExecutorService perTask = Executors.newVirtualThreadPerTaskExecutor();
        Recording.load("virtual-executor", () -> perTask.submit(() -> Kept.direct(31_003)).get());
        Recording.load("virtual-async", () -> CompletableFuture.supplyAsync(() -> Kept.direct(31_004), perTask).get());
        perTask.close();
    }

    private static void load(String name, int bytes) {
        try {
            Recording.load(name, () -> Kept.direct(bytes));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void check(boolean truth) {
        if (!truth) {
            throw new AssertionError();
        }
    }
}
