package dev.ebb.load;

/**
 * One thing that a load has taken and, until {@link #released}, not given back. Written by the thread that took it, released by any thread, once.
 *
 * <p>There may be a million of them, so a record is its own element of its ledger's list and of the index's table: no field is here that could be
 * elsewhere, and each subclass adds what its kind needs.
 */
public abstract class Resource {
    private static final ResourceKind[] KINDS = ResourceKind.values();

    final Ledger ledger;
    private final byte kind;
    private volatile boolean released;
    /** In which part of the ledger it is; before it is added. */
    byte part;
    /** Its stack counts among the limited number of those that are kept; guarded by the ledger. */
    boolean sampled;
    /** A Throwable, or its text; null if it was not sampled. */
    private volatile Object stack;
    /** Its neighbours among what the load has taken and not given back; guarded by the ledger. */
    Resource older;
    Resource newer;
    /** The next in the same bucket; guarded by the stripe of {@link ResourceTable} that it is in. */
    Resource next;

    Resource(Load load, ResourceKind kind) {
        this.ledger = load.ledger();
        this.kind = (byte) kind.ordinal();
    }

    public final Ledger ledger() {
        return ledger;
    }

    /** Null once the load was decided. */
    public final Load load() {
        return ledger.load();
    }

    public final ResourceKind kind() {
        return KINDS[kind];
    }

    /** Off-heap bytes held; grows for an arena with each segment allocated in it. */
    public long bytes() {
        return 0;
    }

    /** Guarded by the ledger. */
    void grow(long more) {
        throw new UnsupportedOperationException();
    }

    public final boolean released() {
        return released;
    }

    /** Called by the ledger alone, once. */
    final void markReleased() {
        released = true;
    }

    /** Where it was taken, as a line of frames from the innermost on; null if that was not sampled. */
    public final String takenAt() {
        Object known = stack;
        return known instanceof Throwable ? Place.text((Throwable) known) : (String) known;
    }

    /** To be called if {@link Ledger#wantsStack} asked for it. */
    public final void takenAt(Throwable where) {
        stack = where;
    }

    /** @param text null to forget it */
    final void takenAt(String text) {
        stack = text;
    }

    final boolean hasStack() {
        return stack != null;
    }

    // ---- for the table in which it is found when it is given back

    /** Spread over all 32 bits; the same for whatever it {@link #isKnownBy}. */
    int hash() {
        return 0;
    }

    /** @param object null where the address tells; @param address 0 where the object does */
    boolean isKnownBy(ResourceKind asked, long address, Object object) {
        return false;
    }
}
