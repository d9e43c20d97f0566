package dev.ebb.record;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a load has registered with a CompletableFuture, to be run by whichever thread completes that. Stands inside the JDK's own Completion, where the
 * program cannot see it. A function of two values is a {@link PairStage}.
 */
final class Stage<T, U, R> implements Function<T, R>, Consumer<T>, BiConsumer<T, U>, Runnable {
    private final Object target;
    private final Ticket ticket;

    Stage(Object target, Ticket ticket) {
        this.target = target;
        this.ticket = ticket;
    }

    @Override
    @SuppressWarnings("unchecked")
    public R apply(T value) {
        Frame before = ticket.enter(this);
        try {
            return ((Function<T, R>) target).apply(value);
        } finally {
            ticket.exit(before);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public void accept(T value) {
        Frame before = ticket.enter(this);
        try {
            ((Consumer<T>) target).accept(value);
        } finally {
            ticket.exit(before);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public void accept(T first, U second) {
        Frame before = ticket.enter(this);
        try {
            ((BiConsumer<T, U>) target).accept(first, second);
        } finally {
            ticket.exit(before);
        }
    }

    @Override
    public void run() {
        Frame before = ticket.enter(this);
        try {
            ((Runnable) target).run();
        } finally {
            ticket.exit(before);
        }
    }
}
