package segstore.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the process's memory to a CSV file every {@value #INTERVAL_MS} ms, on a thread of its own, and keeps the peak.
 * Columns: milliseconds since the start, resident, anonymous and file bytes. Thread-safe.
 */
final class MemoryRecorder implements AutoCloseable {
    private static final long INTERVAL_MS = 100;

    private final long start = System.nanoTime();
    private final AtomicLong peak = new AtomicLong();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private final BufferedWriter csv;

    private MemoryRecorder(BufferedWriter csv) {
        this.csv = csv;
        this.thread = new Thread(this::record, "memory-recorder");
        thread.setDaemon(true);
    }

    static MemoryRecorder start(Path csv) throws IOException {
        if (csv.toAbsolutePath().getParent() != null) {
            Files.createDirectories(csv.toAbsolutePath().getParent());
        }
        MemoryRecorder recorder = new MemoryRecorder(Files.newBufferedWriter(csv));
        recorder.csv.write("time_ms,rss_bytes,anonymous_bytes,file_bytes\n");
        recorder.thread.start();
        return recorder;
    }

    /** Milliseconds since the recording began, as in the file's first column. */
    long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** Reads the memory now; the reading counts for the peak, too. */
    ProcessMemory read() throws IOException {
        ProcessMemory memory = ProcessMemory.now();
        peak.accumulateAndGet(memory.rss(), Math::max);
        return memory;
    }

    /** The largest resident size since the last call of {@link #resetPeak()}, in bytes. */
    long peak() {
        return peak.get();
    }

    void resetPeak() {
        peak.set(0);
    }

    @Override
    public void close() throws IOException {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        csv.close();
    }

    private void record() {
        try {
            do {
                write();
            } while (!stop.await(INTERVAL_MS, TimeUnit.MILLISECONDS));
            write();
        } catch (IOException e) {
            System.err.println("memory is no longer recorded: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() throws IOException {
        ProcessMemory now = read();
        csv.write(elapsedMillis() + "," + now.rss() + "," + now.anonymous() + "," + now.file() + "\n");
    }
}
