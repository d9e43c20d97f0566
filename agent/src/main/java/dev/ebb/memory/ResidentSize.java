package dev.ebb.memory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The resident set size by /proc/self/statm, through one descriptor that stays open: about a microsecond.
 *
 * <p>It runs on the program's threads. So it is wait-free: a caller that meets another one inside takes what was read last, which is microseconds old. And the descriptor is a
 * {@code RandomAccessFile}'s: a {@code FileChannel} would be closed for everybody when one reader is interrupted, and would load java.nio.file before main. The interrupt flag is
 * neither read nor changed, and nothing is thrown.
 *
 * <p>Kernels 6.2 to 6.16 let each core count some pages for itself before they are summed up: with many cores the figure may be some MiB off.
 */
final class ResidentSize {
    private static final String FILE = "/proc/self/statm";
    private static final long RECENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int LARGEST_PAGE_BYTES = 1 << 16; // 64 KiB, on some aarch64 kernels

    private final RandomAccessFile file; // null where there is none
    private final AtomicBoolean busy = new AtomicBoolean();
    private final byte[] text = new byte[128]; // seven decimal numbers; the one inside owns it
    private final long pageBytes;
    private volatile long lastBytes;
    private volatile long lastSharedBytes;
    private volatile long lastNanos;
    private boolean closed; // guarded by this

    /** @param virtualBytes the size of the address space, by which the page size is found: Java does not tell it, and statm counts pages; 0 if unknown */
    ResidentSize(long virtualBytes) {
        file = open();
        pageBytes = pageBytes(virtualBytes);
        bytes();
    }

    /** In bytes, 0 if the system does not tell. */
    long bytes() {
        if (file == null || !busy.compareAndSet(false, true)) {
            return lastBytes;
        }
        try {
            int length = read();
            lastBytes = number(1, length) * pageBytes;
            lastSharedBytes = number(2, length) * pageBytes;
            lastNanos = System.nanoTime();
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            // a program thread must not fail for a figure, not even where its stack or heap ends; 0 says that there is none
            lastBytes = 0;
        } finally {
            busy.set(false);
        }
        return lastBytes;
    }

    /** As {@link #bytes}, or what that told less than a millisecond ago: no thread can touch, and no kernel return, more than some 10 MiB meanwhile. */
    long recentBytes() {
        return System.nanoTime() - lastNanos < RECENT_NANOS ? lastBytes : bytes();
    }

    /**
     * Gives the descriptor back: Ebb leaves, and threads of the program may keep this for as long as they live. Later calls get what was read last. Waits for whoever is inside, since the
     * number of the descriptor may be another file's right after.
     */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        while (!busy.compareAndSet(false, true)) {
            Thread.onSpinWait();
        }
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // it is only ever read
        }
    }

    /** Of what {@link #bytes} told last, pages of files and shared memory. */
    long lastSharedBytes() {
        return lastSharedBytes;
    }

    private static RandomAccessFile open() {
        try {
            return new RandomAccessFile(FILE, "r");
        } catch (IOException | RuntimeException e) {
            return null; // not Linux, or /proc is not mounted
        }
    }

    /** Both count the same address space, one in pages; another thread may map something between the two, but never as much again. */
    private long pageBytes(long virtualBytes) {
        long bytes = 4096;
        try {
            long pages = file == null ? 0 : number(0, read());
            while (pages > 0 && bytes < LARGEST_PAGE_BYTES && pages * bytes * 1.5 < virtualBytes) {
                bytes *= 2;
            }
        } catch (IOException e) {
            bytes = 4096; // then no later read will succeed either
        }
        return bytes;
    }

    private int read() throws IOException {
        file.seek(0);
        return file.read(text, 0, text.length);
    }

    /** The number at a position, from 0: size, resident, shared … (man 5 proc). */
    private long number(int position, int length) {
        int at = 0;
        for (int spaces = 0; spaces < position && at < length; at++) {
            if (text[at] == ' ') {
                spaces++;
            }
        }
        long number = 0;
        for (; at < length && text[at] >= '0' && text[at] <= '9'; at++) {
            number = number * 10 + text[at] - '0';
        }
        return number;
    }
}
