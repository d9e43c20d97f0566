package segstore.memory;

import java.nio.ByteBuffer;

/** A block in a direct buffer of its own. */
final class DirectBlock implements Block {
    private final ByteBuffer buffer;

    DirectBlock(int size) {
        this.buffer = ByteBuffer.allocateDirect(size);
    }

    @Override
    public int size() {
        return buffer.capacity();
    }

    @Override
    public void write(int at, byte[] from, int length) {
        buffer.put(at, from, 0, length);
    }

    @Override
    public void read(int at, byte[] to, int length) {
        buffer.get(at, to, 0, length);
    }

    void free() {
        Native.clean(buffer);
    }
}
