package segstore.memory;

import java.util.Objects;

/** A block from {@code malloc}: no cleaner, no zeroing, and nobody but {@link #free()} ever gives it back. */
final class NativeBlock implements Block {
    private final int size;
    private final long address;

    NativeBlock(int size) {
        this.size = size;
        this.address = Native.allocate(size);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void write(int at, byte[] from, int length) {
        Objects.checkFromIndexSize(at, length, size);
        Objects.checkFromIndexSize(0, length, from.length);
        Native.write(address + at, from, length);
    }

    @Override
    public void read(int at, byte[] to, int length) {
        Objects.checkFromIndexSize(at, length, size);
        Objects.checkFromIndexSize(0, length, to.length);
        Native.read(address + at, to, length);
    }

    void free() {
        Native.free(address);
    }
}
