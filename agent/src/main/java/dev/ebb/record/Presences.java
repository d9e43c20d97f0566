package dev.ebb.record;

import dev.ebb.load.IdentityKey;
import dev.ebb.load.Presence;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.ConcurrentHashMap;

/** Where threads that have ever been inside a load say what they do, found from any other thread. Keeps no thread alive. Thread-safe. */
final class Presences {
    private final ConcurrentHashMap<IdentityKey, Presence> known = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> cleared = new ReferenceQueue<>();

    /** To be called once for each thread. */
    void add(Thread thread, Presence presence) {
        known.put(new IdentityKey(thread, cleared), presence);
    }

    /** The thread is over. */
    void remove(Thread thread) {
        known.remove(new Probe(thread));
    }

    /** Lets go of threads that are gone; to be called about once a second. */
    void reap() {
        for (Reference<?> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
            known.remove(gone);
        }
    }

    /** Null of a thread that has never been inside a load. */
    Presence of(Thread thread) {
        return known.isEmpty() ? null : known.get(new Probe(thread));
    }

    /** Threads that are not gone yet; for tests. */
    int size() {
        return known.size();
    }
}
