package scenario.ledgers;

/** Stands for a native handle; named in {@code ebb.track}. */
class Handle implements AutoCloseable {
    @Override
    public void close() { }

    /** Tracked as a subtype. */
    static final class Special extends Handle {
        @Override
        public void close() {
            super.close();
        }
    }
}
