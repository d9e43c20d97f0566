package dev.ebb.load;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * A task of a load that has not run yet, known weakly by an object that goes when it can never run any more. Linked into its load's {@link PendingTasks}, so
 * that its going is noticed.
 */
public abstract class Pending extends WeakReference<Object> {
    /** The one that the same load got before this; owned by {@link PendingTasks}. */
    Pending older;

    protected Pending(Object task, ReferenceQueue<Object> dropped) {
        super(task, dropped);
    }

    /** It has run, or never will. */
    public abstract boolean isDone();
}
