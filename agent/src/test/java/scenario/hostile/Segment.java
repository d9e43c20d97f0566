package scenario.hostile;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Off-heap memory with a pattern that its order alone knows. Its close counts itself with the order and writes over the pattern: whoever has it still
 * and was not asked finds out.
 */
class Segment implements AutoCloseable {
    private final ByteBuffer memory;
    private final AtomicInteger closes;

    Segment(Order order) {
        this(order, ByteBuffer.allocateDirect(order.bytes));
    }

    Segment(Order order, ByteBuffer memory) {
        this.memory = memory;
        this.closes = order.closes;
        for (int i = 0; i < memory.limit(); i++) {
            memory.put(i, pattern(i));
        }
    }

    final ByteBuffer memory() {
        return memory;
    }

    /** @return that every byte is still what it was */
    final boolean isRight() {
        return isRight(memory);
    }

    static boolean isRight(ByteBuffer memory) {
        for (int i = 0; i < memory.limit(); i++) {
            if (memory.get(i) != pattern(i)) {
                return false;
            }
        }
        return true;
    }

    private static byte pattern(int i) {
        return (byte) (i * 31 + (i >> 8) + 7);
    }

    @Override
    public void close() {
        closes.incrementAndGet();
        for (int i = 0; i < memory.limit(); i++) {
            memory.put(i, (byte) 0xDD);
        }
    }
}
