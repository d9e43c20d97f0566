package segstore.memory;

import java.nio.MappedByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * All off-heap memory of one segment, freed together and exactly once.
 *
 * <p>Thread-safe. {@link #close()} must not run while anybody reads a block or a mapping: a freed page under a reader
 * takes the JVM down.
 */
public final class OffHeap implements AutoCloseable {
    /** From this size on, in bytes, a block gets a direct buffer; below, its cleaner would cost too much heap. */
    public static final int DIRECT_FROM_BYTES = 1 << 20;

    private final List<Runnable> frees = new ArrayList<>();
    private long bytes;
    private boolean closed;

    /**
     * Takes a block of {@code size} bytes, more than 0.
     *
     * @throws IllegalStateException if this memory was given back already
     */
    public synchronized Block allocate(int size) {
        checkOpen();
        Block block;
        if (size >= DIRECT_FROM_BYTES) {
            DirectBlock direct = new DirectBlock(size);
            frees.add(direct::free);
            block = direct;
        } else {
            NativeBlock malloced = new NativeBlock(size);
            frees.add(malloced::free);
            block = malloced;
        }
        bytes += size;
        return block;
    }

    /** Takes over a mapping: it is unmapped with the rest. */
    public synchronized void adopt(MappedByteBuffer mapping) {
        if (closed) {
            Native.clean(mapping);
        }
        checkOpen();
        frees.add(() -> Native.clean(mapping));
        bytes += mapping.capacity();
    }

    /** Bytes held now, mappings included. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Gives everything back; a second call does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        frees.forEach(Runnable::run);
        frees.clear();
        bytes = 0;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this segment's memory was given back already");
        }
    }
}
