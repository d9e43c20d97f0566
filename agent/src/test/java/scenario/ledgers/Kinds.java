package scenario.ledgers;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The sorts of things that every JDK has. */
final class Kinds {
    /** A heap array is larger than all that a load allocates on the way, so that one in the wrong account is seen. */
    static final int HEAP_AT_LEAST = 1_000_000;

    private static final byte[] ZEROS = new byte[1_000_000];

    private Kinds() { }

    static List<Kind> all() {
        return List.of(
            Kind.ofBytes("direct", Figure.DIRECT, Kinds::direct),
            Kind.ofBytes("mapped", Figure.MAPPED, Kinds::mapped),
            Kind.ofBytes("unsafe", Figure.NATIVE, Kinds::unsafe),
            Kind.ofCount("file-input-stream", Figure.OPEN_FILES, (place, size) -> new FileInputStream(place.source.toFile())::close),
            Kind.ofCount("file-output-stream", Figure.OPEN_FILES, (place, size) -> new FileOutputStream(place.source.toFile(), true)::close),
            Kind.ofCount("random-access-file", Figure.OPEN_FILES, (place, size) -> new RandomAccessFile(place.source.toFile(), "rw")::close),
            Kind.ofCount("file-channel", Figure.OPEN_FILES, (place, size) -> FileChannel.open(place.source)::close),
            Kind.ofCount("async-file-channel", Figure.OPEN_FILES, (place, size) -> AsynchronousFileChannel.open(place.source)::close),
            Kind.ofDisk("temp-file", (place, size) -> written(Files.createTempFile(place.directory(), "nio", ".tmp"), size)),
            Kind.ofDisk("io-temp-file", (place, size) -> written(File.createTempFile("io-", ".tmp", place.directory().toFile()).toPath(), size)),
            Kind.ofCount("temp-directory", Figure.FILES_CREATED, (place, size) -> deletes(Files.createTempDirectory(place.directory(), "dir"))),
            Kind.ofDisk("created-file", (place, size) -> written(place.fresh(), size)),
            Kind.ofDisk("created-by-stream", Kinds::createdByStream),
            Kind.ofDisk("renamed-file", Kinds::renamed),
            new Kind("grown-file", Figure.GROWN, Figure.FILES_GROWN, null, Kind.Back.ANYBODY, Kinds::grown),
            Kind.ofCount("tracked", Figure.TRACKED, (place, size) -> new Handle.Special()::close),
            new Kind("thread", null, Figure.THREADS_ALIVE, Figure.THREADS_BORN, Kind.Back.ANYBODY, Kinds::thread),
            new Kind("heap", null, null, Figure.HEAP, Kind.Back.ANYBODY, Kinds::heap));
    }

    private static Taken direct(Place place, int size) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        return () -> UnsafeMemory.clean(buffer);
    }

    private static Taken mapped(Place place, int size) throws Exception {
        try (FileChannel channel = FileChannel.open(place.source)) {
            MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_ONLY, size % 1000, size);
            return () -> UnsafeMemory.clean(buffer);
        }
    }

    private static Taken unsafe(Place place, int size) {
        long address = UnsafeMemory.allocate(size);
        return () -> UnsafeMemory.free(address);
    }

    private static Taken written(Path file, int size) throws Exception {
        write(file, size);
        return deletes(file);
    }

    private static void write(Path file, int size) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(ZEROS, 0, size);
        }
    }

    private static Taken createdByStream(Place place, int size) throws Exception {
        File file = place.fresh().toFile();
        try (FileOutputStream out = new FileOutputStream(file)) {
            out.write(ZEROS, 0, size);
        }
        return () -> check(file.delete());
    }

    private static Taken renamed(Place place, int size) throws Exception {
        Path first = place.fresh();
        write(first, size);
        return deletes(Files.move(first, place.fresh()));
    }

    private static Taken grown(Place place, int size) throws Exception {
        Path file = place.existing();
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            out.write(ZEROS, 0, size);
        }
        return () -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(Place.EXISTING_BYTES);
            }
        };
    }

    private static Taken thread(Place place, int size) {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> awaitForEver(end), "scenario-alive");
        thread.setDaemon(true);
        thread.start();
        return () -> {
            end.countDown();
            thread.join();
        };
    }

    private static void awaitForEver(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Taken heap(Place place, int size) {
        byte[] array = new byte[size];
        return () -> check(array.length == size);
    }

    private static Taken deletes(Path file) {
        return () -> Files.delete(file);
    }

    private static void check(boolean truth) {
        if (!truth) {
            throw new AssertionError();
        }
    }
}
