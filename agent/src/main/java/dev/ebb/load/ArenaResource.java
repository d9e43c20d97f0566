package dev.ebb.load;

/**
 * An arena that a load has opened, with all segments that it has allocated in it; known by its session. No garbage collector gives the memory of most of
 * them back.
 */
public final class ArenaResource extends ObjectResource {
    /** Written under the ledger's lock. */
    private volatile long bytes;

    public ArenaResource(Load load, Object session, String what) {
        super(load, ResourceKind.ARENA, session, what);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    void grow(long more) {
        bytes += more;
    }
}
