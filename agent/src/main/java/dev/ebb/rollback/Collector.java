package dev.ebb.rollback;

import dev.ebb.load.LastReferences;
import dev.ebb.load.Memory;
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
    /** A collection that takes long is not asked for often: of the time between two, at most one part in this many goes into them. */
    private static final int SHARE = 4;

    /** So many requests in a row that brought nothing: a collection that runs beside the program may miss one, and then the next, as one call in five was seen to. */
    private static final int MISSES = 2;
    private static final int MISSES_CONCURRENT = 5;
    private static final long DEAF_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LastReferences lastReferences;
    private final Memory memory;
    private final long intervalNanos;
    private final Trouble trouble;
    private final Set<Reference<?>> handedOver = Collections.newSetFromMap(new IdentityHashMap<>());
    /**
     * Came out once, and are watched again: a finalizer of the program's that found its object garbage in the same collection can have brought this one
     * back. What is garbage a second time was reached by none of them: a finalizer that has not ended keeps all that it reaches, and none runs twice.
     */
    private final Set<Reference<?>> toConfirm = Collections.newSetFromMap(new IdentityHashMap<>());
    /**
     * Those of them that are not watched again yet. All are, at one moment, once what the same collection found is surely there: if the next one came in
     * between, it would hand over a result whose parts have not been confirmed, and the result in hand then keeps them from ever being so.
     */
    private final Set<Reference<?>> unwatched = Collections.newSetFromMap(new IdentityHashMap<>());
    /** When the newest of these came out. */
    private long unwatchedNanos;
    private Reference<?> sentinel;
    private ReferenceCheck check;
    /** When the orphan of the check was seen; what came with it follows within {@link #REST_NANOS}. */
    private long checkNanos;
    private boolean proves;
    /** A collection of Ebb's own is being waited for. */
    private boolean requested;
    /** Objects with a finalizer were seen in this JVM, however long ago: it has classes that make them. */
    private boolean seenFinalizers;
    private long epoch;
    private long requestedNanos = System.nanoTime();
    /** Not before that much later. */
    private long apartNanos;
    /** How many requests in a row have brought nothing. */
    private int misses;
    /** What the JVM was told about collections that are asked for; null before it was looked up. */
    private Asking asking;

    private enum Asking {
        AT_ONCE(null), CONCURRENT("concurrent, as -XX:+ExplicitGCInvokesConcurrent says"), DISABLED("-XX:+DisableExplicitGC is set");

        private final String note;

        Asking(String note) {
            this.note = note;
        }
    }

    /**
     * @param lastReferences null on a JDK that has none: then nothing is ever proven
     * @param intervalNanos two requests are at least this far apart, whatever waits for them
     */
    Collector(LastReferences lastReferences, Memory memory, long intervalNanos, Trouble trouble) {
        this.lastReferences = lastReferences;
        this.memory = memory;
        this.intervalNanos = intervalNanos;
        this.trouble = trouble;
        if (lastReferences != null) {
            check = new ReferenceCheck(lastReferences::register);
        }
        renewSentinel();
    }

    /** Whether requests are in vain, as under {@code -XX:+DisableExplicitGC}: then only the collections that the program causes prove anything. */
    boolean isDeaf() {
        return misses >= (asking == Asking.CONCURRENT ? MISSES_CONCURRENT : MISSES);
    }

    /**
     * Whether it makes sense to ask; looks up at the first call whether the JVM listens, which takes some ten milliseconds. Said once if it does not. Where
     * requests are in vain it makes sense once a minute, in case that was a concurrent collection which came too late.
     */
    boolean canAsk() {
        if (asking == null) {
            // to other collectors that run beside the program the flag says nothing new
            boolean concurrent = memory.jvmFlag("ExplicitGCInvokesConcurrent") && memory.jvmFlag("UseG1GC");
            asking = memory.jvmFlag("DisableExplicitGC") ? Asking.DISABLED : concurrent ? Asking.CONCURRENT : Asking.AT_ONCE;
            if (asking == Asking.DISABLED) {
                trouble.report("collect", new IllegalStateException("collections cannot be asked for: -XX:+DisableExplicitGC is set"),
                    "remove -XX:+DisableExplicitGC if that can be; Ebb now waits for the collections that the program causes");
            }
        }
        return asking != Asking.DISABLED && !(isDeaf() && System.nanoTime() - requestedNanos < DEAF_NANOS);
    }

    /**
     * Whether those that are asked for are G1's concurrent ones. What is old, and watched by a reference that is not, is taken for reachable by them: G1 follows
     * all that lies in survivor regions. So it may take many of them, and young ones between, until the reference has grown old as well.
     */
    boolean isConcurrent() {
        return asking == Asking.CONCURRENT;
    }

    /** What is to be known about collections that are asked for; null if nothing is. */
    String note() {
        return isDeaf() ? "collections that Ebb asks for prove nothing" : asking == null ? null : asking.note;
    }

    /** Grows by one with each collection that is known to have finished. */
    long epoch() {
        poll();
        return epoch;
    }

    boolean mayRequest(long now) {
        return now - requestedNanos >= apartNanos && canAsk();
    }

    /** Asks for a collection and waits until it has handed over what it found; blocks the worker for as long. */
    void collect() {
        long now = System.nanoTime();
        requestedNanos = now;
        apartNanos = intervalNanos;
        lookForFinalizers();
        long before = epoch();
        watchAgain();
        renewSentinel();
        requested = true;
        System.gc();
        long over = System.nanoTime();
        apartNanos = Math.max(intervalNanos, SHARE * (over - now));
        long giveUp = over + SENTINEL_NANOS;
        while (epoch() == before && System.nanoTime() < giveUp) {
            pause();
        }
        if (epoch == before) {
            requested = false;
            missed();
            return;
        }
        misses = 0;
        long rest = System.nanoTime() + REST_NANOS;
        while (System.nanoTime() < rest) {
            pause();
            poll();
        }
        requested = false;
    }

    private void missed() {
        misses++;
        if (isDeaf()) {
            trouble.report("collect", new IllegalStateException("System.gc() proved nothing within 3 s, " + misses + " times"),
                "Ebb now asks once a minute, and waits for the collections that the program causes");
        }
    }

    /** Whether nothing but this reference reaches its object any more; it stays so. */
    boolean hasHandedOver(Reference<?> last) {
        poll();
        return proves && last != null && handedOver.contains(last);
    }

    /** Whether anything has come out once, and has to be confirmed. */
    boolean awaitsAny() {
        poll();
        return !toConfirm.isEmpty();
    }

    /** Whether the object came out of one collection, and the next has to confirm it: a finalizer may have brought it back. */
    boolean awaitsConfirmation(Reference<?> last) {
        poll();
        return last != null && toConfirm.contains(last);
    }

    /** What was handed over and not forgotten since: nobody but Ebb has it any more. */
    List<Object> inHand() {
        letGo();
        List<Object> objects = new ArrayList<>();
        for (Reference<?> last : proves ? handedOver : Set.<Reference<?>>of()) {
            objects.add(last.get());
        }
        return objects;
    }

    /** Drops what was forgotten after it was handed over, as by a close that was heard of: its reference would keep it for ever. To be called now and then. */
    void letGo() {
        poll();
        if (lastReferences != null) {
            handedOver.removeIf(lastReferences::isForgotten);
            toConfirm.removeIf(lastReferences::isForgotten);
            unwatched.removeIf(lastReferences::isForgotten);
        }
    }

    Reference<Object> register(Object object) {
        return lastReferences == null ? null : lastReferences.register(object);
    }

    void forget(Reference<?> last) {
        if (last != null) {
            lastReferences.forget(last);
            handedOver.remove(last);
            toConfirm.remove(last);
            unwatched.remove(last);
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
            } else if (check != null && check.sees(r)) {
                checkNanos = System.nanoTime();
            } else if (toConfirm.remove(r) || requested && !lookForFinalizers()) {
                handedOver.add(r);
            } else {
                toConfirm.add(r);
                unwatched.add(r);
                unwatchedNanos = System.nanoTime();
            }
        }
        if (!unwatched.isEmpty() && System.nanoTime() - unwatchedNanos > REST_NANOS) {
            watchAgain();
        }
        if (check != null) {
            weighCheck();
        }
    }

    private void watchAgain() {
        unwatched.forEach(lastReferences::watchAgain);
        unwatched.clear();
    }

    /**
     * Looked for before a collection and after it: where there is none, one proof is enough. An object that gets its finalizer after the first look, and
     * has been finalized and forgotten by the second, is not seen if it is the first of its sort in this JVM.
     */
    private boolean lookForFinalizers() {
        seenFinalizers |= lastReferences != null && lastReferences.mayBeRevived();
        return seenFinalizers;
    }

    /** Nothing counts as handed over before it was seen once that this JDK hands over the right thing. */
    private void weighCheck() {
        if (check.hasFailed()) {
            check = null;
            trouble.report("last references", new IllegalStateException("this JDK hands over what is in use, or not what it should"),
                "nothing is closed by proof: late results and handles are reported and stay open; tell the makers of Ebb which JDK this is");
        } else if (check.hasPassed() && System.nanoTime() - checkNanos > REST_NANOS / 2) {
            check = null;
            proves = true;
        }
    }

    private void renewSentinel() {
        sentinel = register(new Object());
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
}
