package scenario.chaos;

import java.util.List;

/** What a load returns. Closes its parts, and so must never be closed by anybody else once the program has it. */
final class Segment implements AutoCloseable {
    final Order order;
    final List<Part> parts;

    Segment(Order order, List<Part> parts) {
        this.order = order;
        this.parts = parts;
    }

    void verify() {
        parts.forEach(Part::verify);
    }

    /** The program has it from now on. */
    Segment want() throws InterruptedException {
        for (Thread thread : order.leftBehind) {
            thread.join();
        }
        order.wanted = true;
        parts.forEach(part -> part.account.wanted = true);
        verify();
        return this;
    }

    @Override
    public void close() {
        for (Part part : parts) {
            part.close();
        }
    }
}
