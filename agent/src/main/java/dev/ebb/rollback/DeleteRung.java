package dev.ebb.rollback;

import dev.ebb.load.CreatedFile;
import dev.ebb.load.EventSink;
import dev.ebb.load.Load;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The rung that deletes the files of a load, on a thread {@code ebb-deleter}: one deletion at a time, and before the first one what an earlier process left
 * unfinished. Used by the worker alone.
 */
final class DeleteRung {
    /** How long a deletion, or the wait for another one, may take before the rollback goes on without it. */
    private static final long HELD_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** File times come from a clock that lags a timer tick behind, or from that of a file server. */
    private static final long CLOCK_MILLIS = 50;

    private final Policy policy;
    private final Rungs rungs;
    private final Predicate<Load> beingRetried;
    private final Deleter deleter;
    private final LoadRegistry registry;
    private final Gauge gauge;
    private final EventSink events;
    /** The last one started, or null. */
    private Aside last;
    /** When it began. */
    private long lastNanos;
    private boolean replayed;

    /** What is known of a deletion that goes on. */
    static final class Progress {
        private final Aside aside;
        private final Gauge.Mark began;
        private final List<Deleter.Result> results;

        private Progress(Aside aside, Gauge.Mark began, List<Deleter.Result> results) {
            this.aside = aside;
            this.began = began;
            this.results = results;
        }
    }

    /**
     * @param beingRetried whether another load of the same thing goes on
     */
    DeleteRung(Policy policy, Rungs rungs, Predicate<Load> beingRetried, LoadRegistry registry, Gauge gauge, EventSink events) {
        this.policy = policy;
        this.rungs = rungs;
        this.beingRetried = beingRetried;
        this.deleter = new Deleter(policy.files());
        this.registry = registry;
        this.gauge = gauge;
        this.events = events;
    }

    /** To be called now and then, for the first time some moments after the program's start: no file system is touched before. */
    void tick() {
        if (last != null && last.finished() && last.failure() != null) {
            rungs.failed(Rung.DELETE, last.failure());
            last = null;
        }
        if (!replayed && deleter.mayDelete() && rungs.acts(Rung.DELETE) && isFree()) {
            replayed = true;
            lastNanos = System.nanoTime();
            last = Aside.start("ebb-deleter", registry, new Replay(policy.files(), events)::run);
        }
    }

    /**
     * True once all files of the load that may go are gone; starts that at the first call. While another load of the same thing goes on, which may find files
     * and directories and use them, they stay: {@link Case#filesWait} says so, and the rest of the ladder does not wait for that.
     */
    boolean isDone(Case c) {
        if (c.deletion == null) {
            List<CreatedFile> files = created(c);
            c.undeletedFiles = files.size();
            c.filesWait = false;
            if (files.isEmpty() || !mayDelete(c, c.resultClosed) || !rungs.acts(Rung.DELETE)) {
                return true;
            }
            if (beingRetried.test(c.load)) {
                c.filesWait = true;
                return c.phase == Case.Phase.DELETE;
            }
            tick();
            if (!isFree()) {
                // one after the other: only a deletion that hangs keeps the next from its turn
                return isGivenUp(c, last, lastNanos);
            }
            start(c, files);
            return false;
        }
        if (!c.deletion.aside.finished()) {
            return isGivenUp(c, c.deletion.aside, c.deletion.began.nanos());
        }
        settle(c, c.deletion);
        return true;
    }

    /** How many files and directories would be deleted, with the load's result closed or without. */
    long wouldDelete(Case c, boolean resultClosed) {
        try {
            return mayDelete(c, resultClosed) ? deleter.wouldDelete(created(c), millis -> isSomebodyElses(c, millis)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Files go if nobody can be told of them any more: the load threw, or its result was closed. A load that ran to its end and returned nothing may
     * have written them for somebody else.
     */
    private boolean mayDelete(Case c, boolean resultClosed) {
        boolean nobodys = (c.load.thrown() != null || resultClosed) && !c.retriedWell && c.hanging.isEmpty();
        return nobodys && rungs.isOn(Rung.DELETE) && deleter.mayDelete();
    }

    private boolean isFree() {
        return last == null || last.finished();
    }

    /** Whether it is not waited for any longer. */
    private static boolean isGivenUp(Case c, Aside aside, long sinceNanos) {
        boolean givenUp = System.nanoTime() - sinceNanos > HELD_NANOS;
        if (givenUp) {
            c.troubles.add("files not deleted yet: " + aside.holder());
            c.undeletedFiles = created(c).size();
        }
        return givenUp;
    }

    private void start(Case c, List<CreatedFile> files) {
        List<Deleter.Result> results = new ArrayList<>();
        Gauge.Mark began = gauge.begin();
        lastNanos = System.nanoTime();
        last = Aside.start("ebb-deleter", registry, () -> {
            try {
                results.addAll(deleter.delete(files, millis -> isSomebodyElses(c, millis)));
            } catch (IOException e) {
                throw new UncheckedIOException("files not deleted", e);
            }
        });
        c.deletion = new Progress(last, began, results);
    }

    /** What has changed while Ebb closed what the load opened was changed by that. */
    private static boolean isSomebodyElses(Case c, long changedMillis) {
        boolean byClosing = false;
        for (Case.Span span : c.closed) {
            byClosing |= changedMillis >= span.fromMillis() - CLOCK_MILLIS && changedMillis <= span.toMillis() + CLOCK_MILLIS;
        }
        return !byClosing && changedMillis > c.load.quietMillis() + CLOCK_MILLIS;
    }

    private void settle(Case c, Progress deletion) {
        int deleted = 0;
        long bytes = 0;
        for (Deleter.Result result : deletion.results) {
            switch (result.fate()) {
                case DELETED -> {
                    deleted++;
                    bytes += result.bytes();
                    c.load.ledger().release(result.file());
                }
                case GONE, WANTED -> c.load.ledger().release(result.file());
                default -> c.troubles.add(result.why());
            }
        }
        if (deletion.aside.failure() != null) {
            c.troubles.add(deletion.aside.failure().toString());
        }
        c.deletedBytes = bytes;
        c.undeletedFiles = created(c).size();
        events.event(Ladder.step(gauge, c, "delete", deletion.began).with("deleted", deleted).bytes("diskBytes", bytes));
    }

    /** What the load has made, and what is its own still. */
    static List<CreatedFile> created(Case c) {
        List<CreatedFile> files = new ArrayList<>();
        for (Resource resource : c.load.ledger().live()) {
            if (resource instanceof CreatedFile) {
                files.add((CreatedFile) resource);
            }
        }
        return files;
    }
}
