package dev.ebb.rollback;

import dev.ebb.load.LastReferences;
import dev.ebb.load.Trouble;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Knows when the garbage collector has proven something. Keeps a sentinel that nobody reaches: when its last reference comes out, a collection has
 * finished since the sentinel was made, whoever asked for it, and what that collection could prove has come out as well. Used by the worker alone.
 */
final class Collector {
    /** How long a requested collection may take to hand over the sentinel. A concurrent one can miss it once; then a natural one will do. */
    private static final long SENTINEL_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** What one collection found is handed over one by one: after the sentinel the rest follows within this time. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    /** Two requests are at least this far apart, whatever waits for them. */
    private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final LastReferences lastReferences;
    private final Trouble trouble;
    private final Set<Reference<?>> handedOver = Collections.newSetFromMap(new IdentityHashMap<>());
    private Reference<?> sentinel;
    private long epoch;
    private long requestedNanos = System.nanoTime() - APART_NANOS;
    private boolean deaf;

    /** @param lastReferences null on a JDK that has none: then nothing is ever proven */
    Collector(LastReferences lastReferences, Trouble trouble) {
        this.lastReferences = lastReferences;
        this.trouble = trouble;
        renewSentinel();
    }

    /** Grows by one with each collection that is known to have finished. */
    long epoch() {
        poll();
        return epoch;
    }

    boolean mayRequest(long now) {
        return now - requestedNanos >= APART_NANOS;
    }

    /** Asks for a collection and waits until it has handed over what it found; blocks the worker for as long. */
    void collect() {
        requestedNanos = System.nanoTime();
        long before = epoch();
        renewSentinel();
        System.gc();
        long giveUp = System.nanoTime() + SENTINEL_NANOS;
        while (epoch() == before && System.nanoTime() < giveUp) {
            pause();
        }
        if (epoch == before) {
            if (!deaf) {
                deaf = true;
                trouble.report("collect", new IllegalStateException("System.gc() proved nothing within 3 s"),
                    "remove -XX:+DisableExplicitGC if it is set; Ebb now waits for the collections that the program causes");
            }
            return;
        }
        long rest = System.nanoTime() + REST_NANOS;
        while (System.nanoTime() < rest) {
            pause();
            poll();
        }
    }

    /** Whether nothing but this reference reaches its object any more; it stays so. */
    boolean hasHandedOver(Reference<?> last) {
        poll();
        return last != null && handedOver.contains(last);
    }

    /** What was handed over and not forgotten since: nobody but Ebb has it any more. */
    List<Object> inHand() {
        letGo();
        List<Object> objects = new ArrayList<>();
        for (Reference<?> last : handedOver) {
            objects.add(last.get());
        }
        return objects;
    }

    /** Drops what was forgotten after it was handed over, as by a close that was heard of: its reference would keep it for ever. To be called now and then. */
    void letGo() {
        poll();
        if (lastReferences != null) {
            handedOver.removeIf(lastReferences::isForgotten);
        }
    }

    Reference<Object> register(Object object) {
        return lastReferences == null ? null : lastReferences.register(object);
    }

    void forget(Reference<?> last) {
        if (last != null) {
            lastReferences.forget(last);
            handedOver.remove(last);
        }
    }

    private void poll() {
        if (lastReferences == null) {
            return;
        }
        for (Reference<?> r = lastReferences.poll(); r != null; r = lastReferences.poll()) {
            if (r == sentinel) {
                epoch++;
                renewSentinel();
            } else {
                handedOver.add(r);
            }
        }
    }

    private void renewSentinel() {
        sentinel = register(new Object());
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
}
