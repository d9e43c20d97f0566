package scenario.chaos;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One load, as the program itself keeps account of it. Safe for any thread, {@link #random} aside, which belongs to the load's body. */
final class Order {
    /** How it is meant to end. Chance may make it end otherwise: a caller that was to give up may be served in time. */
    enum Plan {
        /** Its result is read and used. */
        USED(30),
        /** The same by a caller that asks again and again with short limits. */
        POLLED(8),
        /** Its caller gives up, and nobody has the result. */
        ABANDONED(14),
        /** The same, and the caller tries again at once, with the same label and file. */
        RETRIED(6),
        CANCELLED(5), CANCELLED_BY_INTERRUPT(5),
        /** Its caller gives up; the result is published all the same, by the load or by its task. */
        PUBLISHED(8),
        /** It throws a timeout of its own, and nobody has anything of it. */
        TIMED_OUT(8),
        /** The same, but it has given one part to the program before. */
        PARTLY_PUBLISHED(6),
        /** It throws something else, and has cleaned up before. */
        FAILED(6),
        /** It throws something else, and leaves everything; only where failures are rolled back. */
        FAILED_DIRTY(4);

        final int weight;

        Plan(int weight) {
            this.weight = weight;
        }
    }

    final long id;
    final Plan plan;
    final String label;
    final Random random;
    /** The parts that it has made. */
    private final List<Part.Account> accounts = new ArrayList<>();
    /** Somebody has given up on it, or is about to. */
    volatile boolean mayBeStopped;
    /** Somebody will use its result, or uses it. */
    volatile boolean wanted;
    /** A thread was stopped by Ebb. */
    volatile boolean stopped;
    /** Its task is through. */
    volatile boolean done;
    /** Once it has come to its end. */
    volatile WeakReference<Segment> weak;
    /** Threads that may go on to use its parts for a while. */
    final Queue<Thread> leftBehind = new ConcurrentLinkedQueue<>();

    Order(long id, Plan plan, long seed) {
        this(id, plan, "L" + id, seed);
    }

    /** Another try of the same. */
    Order(long id, Order again, long seed) {
        this(id, Plan.USED, again.label, seed);
    }

    private Order(long id, Plan plan, String label, long seed) {
        this.id = id;
        this.plan = plan;
        this.label = label;
        this.random = new Random(seed + id);
    }

    synchronized Part own(Part part) {
        accounts.add(part.account);
        return part;
    }

    synchronized List<Part.Account> accounts() {
        return new ArrayList<>(accounts);
    }

    boolean throwsItself() {
        return plan.compareTo(Plan.TIMED_OUT) >= 0;
    }

    @Override
    public String toString() {
        return "load " + id + " " + plan + " " + label + " mayBeStopped " + mayBeStopped + " wanted " + wanted;
    }
}
