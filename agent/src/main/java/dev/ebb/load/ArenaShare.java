package dev.ebb.load;

import java.lang.ref.ReferenceQueue;

/** What a load has allocated in an arena that is not its own: given back when its owner closes the arena, and never closed for this load's sake. */
public final class ArenaShare extends KeyedResource {
    /** Written under the ledger's lock. */
    private volatile long bytes;

    public ArenaShare(Load load, Object session, ReferenceQueue<Object> cleared) {
        super(load, ResourceKind.ARENA, session);
        keepWeakly(session, cleared);
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
