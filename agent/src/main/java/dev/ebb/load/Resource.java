package dev.ebb.load;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * One thing that a load has taken and, until {@link #released}, not given back. Written by the thread that took it, released by any thread, once.
 * A resource that is known by its address is its own key in the recorder's index: equal kind and address.
 */
public class Resource {
    private static final AtomicLongFieldUpdater<Resource> BYTES = AtomicLongFieldUpdater.newUpdater(Resource.class, "bytes");
    private static final AtomicIntegerFieldUpdater<Resource> RELEASED = AtomicIntegerFieldUpdater.newUpdater(Resource.class, "released");

    final Load load;
    final ResourceKind kind;
    private final long address;
    private volatile long bytes;
    private volatile int released;
    private Throwable stack;
    /** The one that the same load took before this; owned by {@link Ledger}. */
    Resource older;

    public Resource(Load load, ResourceKind kind, long address, long bytes) {
        this.load = load;
        this.kind = kind;
        this.address = address;
        this.bytes = bytes;
    }

    public final Load load() {
        return load;
    }

    public final ResourceKind kind() {
        return kind;
    }

    /** Bytes held; grows for an arena with each segment allocated in it. */
    public final long bytes() {
        return bytes;
    }

    final void grow(long more) {
        BYTES.addAndGet(this, more);
    }

    public final boolean released() {
        return released != 0;
    }

    /** True for the first caller only. */
    final boolean markReleased() {
        return RELEASED.compareAndSet(this, 0, 1);
    }

    /** Where it was taken, or null if that was not sampled. To be set before the resource is handed to its ledger. */
    public final Throwable stack() {
        return stack;
    }

    public final Resource takenAt(Throwable where) {
        stack = where;
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Resource && ((Resource) other).address == address && ((Resource) other).kind == kind;
    }

    @Override
    public int hashCode() {
        return (int) (address >>> 4) * 31 + kind.ordinal();
    }
}
