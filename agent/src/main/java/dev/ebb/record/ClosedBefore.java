package dev.ebb.record;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.load.IdentityKey;
import dev.ebb.load.LateResult;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the program has closed while it was not known as the result of a load: a load may publish what it makes before it returns it, and a cache may have
 * dropped and closed it by then. Kept weakly. Thread-safe.
 */
final class ClosedBefore {
    /** More closed objects than this alive at once: from then on any result may have been closed. */
    private static final int LIMIT = 100_000;

    private final Set<IdentityKey> closed = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();
    private volatile boolean full;

    void add(Object object) {
        if (EbbBridge.OPEN.get() == 0) {
            return;
        }
        for (Reference<?> r = gone.poll(); r != null; r = gone.poll()) {
            closed.remove(r);
        }
        if (closed.size() < LIMIT) {
            closed.add(new IdentityKey(object, gone));
        } else {
            full = true;
        }
    }

    /** To be asked after {@code late} can be found by who adds: then one of the two has seen the other. */
    boolean mayContain(LateResult late, Object result) {
        if (full || !late.isLambda()) {
            return full || closed.contains(new IdentityKey(result));
        }
        for (IdentityKey key : closed) {
            Object object = key.get();
            if (object != null && late.mayHaveCaptured(object)) {
                return true;
            }
        }
        return false;
    }
}
