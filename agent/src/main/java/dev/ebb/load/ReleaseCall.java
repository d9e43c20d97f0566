package dev.ebb.load;

import java.util.ArrayList;
import java.util.List;

/**
 * One call of a method that releases what a load has brought in, with the ones of that sort that it makes itself. Filled by the thread that makes it, and
 * read by the worker after that.
 */
public final class ReleaseCall {
    private final Site site;
    private final long enteredNanos = System.nanoTime();
    private final List<Ledger> ledgers = new ArrayList<>(2);
    private final List<String> labels = new ArrayList<>(2);
    private boolean named;
    private int depth;

    /** @param site the outermost method */
    public ReleaseCall(Site site) {
        this.site = site;
    }

    public Site site() {
        return site;
    }

    /** By {@link System#nanoTime}. */
    public long enteredNanos() {
        return enteredNanos;
    }

    public void enter() {
        depth++;
    }

    /** @return true if that was the outermost method */
    public boolean leave() {
        return --depth == 0;
    }

    /** It was given, or called on, what this load has brought in. */
    public void names(Ledger ledger) {
        named = true;
        if (ledger.sawRelease()) {
            ledgers.add(ledger);
        }
    }

    /** Whether it named a load, be it that it was released before. */
    public boolean namesALoad() {
        return named;
    }

    /** Its pattern gives it the label of a load. */
    public void names(String label) {
        if (!labels.contains(label)) {
            labels.add(label);
        }
    }

    /** Those of the named loads that were not released before. */
    public List<Ledger> ledgers() {
        return ledgers;
    }

    public List<String> labels() {
        return labels;
    }
}
