package scenario;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** What the loads of the scenarios return: off-heap memory that knows how often it was closed, and tells it to somebody who outlives it. */
class Segment implements AutoCloseable {
    final ByteBuffer memory;
    private final AtomicInteger closes;

    Segment(int bytes, AtomicInteger closes) {
        this.memory = ByteBuffer.allocateDirect(bytes);
        this.closes = closes;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
