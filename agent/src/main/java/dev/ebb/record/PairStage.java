package dev.ebb.record;

import java.util.function.BiFunction;

/** As {@link Stage}, for functions of two values. */
final class PairStage<T, U, R> implements BiFunction<T, U, R> {
    private final BiFunction<T, U, R> target;
    private final Ticket ticket;

    PairStage(BiFunction<T, U, R> target, Ticket ticket) {
        this.target = target;
        this.ticket = ticket;
    }

    @Override
    public R apply(T first, U second) {
        Frame before = ticket.enter(this);
        try {
            return target.apply(first, second);
        } finally {
            ticket.exit(before);
        }
    }
}
