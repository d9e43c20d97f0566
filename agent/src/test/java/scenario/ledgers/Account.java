package scenario.ledgers;

import java.util.concurrent.atomic.AtomicLongArray;

/** What a load holds according to the program that asked for it, kept without any help of Ebb's. Thread-safe. */
final class Account {
    private final AtomicLongArray figures = new AtomicLongArray(Figure.values().length);

    void add(Figure figure, long amount) {
        figures.addAndGet(figure.ordinal(), amount);
    }

    long get(Figure figure) {
        return figures.get(figure.ordinal());
    }

    /** {@code field=amount} of all that are not 0, in the order of {@link Figure}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Figure figure : Figure.values()) {
            if (get(figure) != 0) {
                text.append(' ').append(figure.field).append('=').append(get(figure));
            }
        }
        return text.toString().trim();
    }
}
