package dev.ebb.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The tasks of one load that have not run yet. Assumes that each is added once and said done once; guarantees that neither blocks nor allocates. Linked and
 * pruned as {@link Ledger} does: whoever finds that those that are done have become the greater part unlinks them, one thread at a time.
 */
public final class PendingTasks {
    private static final int PRUNE_AT_LEAST = 64;

    private final AtomicReference<Pending> newest = new AtomicReference<>();
    private final AtomicInteger linked = new AtomicInteger();
    private final AtomicInteger linkedButDone = new AtomicInteger();
    private final AtomicBoolean pruning = new AtomicBoolean();

    public void add(Pending task) {
        linked.incrementAndGet();
        Pending head;
        do {
            head = newest.get();
            task.older = head;
        } while (!newest.compareAndSet(head, task));
    }

    /** One of them has become done. */
    public void oneDone() {
        if (linkedButDone.incrementAndGet() > Math.max(PRUNE_AT_LEAST, linked.get() / 2)) {
            prune();
        }
    }

    /** Those that are not done, newest first; weakly consistent. */
    public List<Pending> list() {
        List<Pending> tasks = new ArrayList<>();
        for (Pending task = newest.get(); task != null; task = task.older) {
            if (!task.isDone()) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    private void prune() {
        if (!pruning.compareAndSet(false, true)) {
            return;
        }
        int unlinked = 0;
        Pending kept = newest.get();
        while (kept != null) {
            Pending next = kept.older;
            while (next != null && next.isDone()) {
                next = next.older;
                unlinked++;
            }
            kept.older = next;
            kept = next;
        }
        linkedButDone.addAndGet(-unlinked);
        linked.addAndGet(-unlinked);
        pruning.set(false);
    }
}
