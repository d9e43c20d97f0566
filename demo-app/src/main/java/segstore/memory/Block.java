package segstore.memory;

/**
 * A run of bytes outside the heap. Written once by one loader thread, then read by any number of threads.
 *
 * <p>Positions and lengths are in bytes; what lies outside the block throws {@link IndexOutOfBoundsException}.
 * A block must not be used after its {@link OffHeap} was closed; the owner of both sees to that.
 */
public interface Block {
    int size();

    /** Copies the first {@code length} bytes of {@code from} to position {@code at}. */
    void write(int at, byte[] from, int length);

    /** Copies {@code length} bytes from position {@code at} to the start of {@code to}. */
    void read(int at, byte[] to, int length);
}
