package dev.ebb.record;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.load.Load;
import dev.ebb.load.LoadAbandonedError;
import dev.ebb.load.StopOrder;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;

/** Ends the threads of a load that was told to stop, at the places where they are about to take something. On those threads; takes no lock. */
final class Checkpoints {
    /**
     * What a thread takes right after it was told to end may be needed to clean up on its way out: so many times within so long it is let pass, once.
     */
    private static final int PASSES = 4;
    private static final long PASSES_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** A load that catches whatever is thrown and goes on would burn a core: from this throw on it waits, longer each time. */
    private static final int PATIENT = 20;
    private static final long WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Loads loads;
    private final Ownership ownership;
    private final StackWalker walker = StackWalker.getInstance();

    Checkpoints(Loads loads, Ownership ownership) {
        this.loads = loads;
        this.ownership = ownership;
    }

    /** What one thread was thrown at by checkpoints of one load. */
    static final class Record {
        private final Load load;
        private final long firstNanos = System.nanoTime();
        private int thrown;
        private int passes;

        Record(Load load) {
            this.load = load;
        }

        private boolean mayPass() {
            return thrown == 1 && passes < PASSES && System.nanoTime() - firstNanos < PASSES_NANOS && ++passes > 0;
        }
    }

    /** What the calling thread has to throw here; null if it may go on. */
    Error check() {
        Slot slot = loads.slot();
        Load load = slot.load;
        StopOrder order = load == null || slot.busy ? null : load.stopOrder();
        String message = order == null ? null : order.message();
        if (message == null) {
            return null;
        }
        slot.busy = true;
        try {
            return mayEnd(slot, load) ? end(slot, load, order, message) : null;
        } finally {
            slot.busy = false;
        }
    }

    private Error end(Slot slot, Load load, StopOrder order, String message) {
        if (slot.ended == null || slot.ended.load != load) {
            slot.ended = new Record(load);
        }
        Record record = slot.ended;
        if (record.mayPass()) {
            return null;
        }
        record.thrown++;
        order.countThrown();
        if (record.thrown >= PATIENT) {
            pause(Math.min(LONGEST_WAIT_NANOS, record.thrown * WAIT_NANOS));
        }
        return new LoadAbandonedError(message);
    }

    /** A pending interrupt would end every wait at once; it is the program's and stays. */
    private static void pause(long nanos) {
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(nanos);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean mayEnd(Slot slot, Load load) {
        Standing standing = new Standing(ownership, load.site().method(), slot.top().ticket != null);
        walker.walk(new Frames(standing));
        return standing.refusal() == null && (standing.isCaught() || !isHandledByTheProgram());
    }

    /** A handler of the program's may well end the process when it gets an error. */
    private static boolean isHandledByTheProgram() {
        Thread.UncaughtExceptionHandler handler = Thread.currentThread().getUncaughtExceptionHandler();
        return Thread.getDefaultUncaughtExceptionHandler() != null || handler != null && handler.getClass() != ThreadGroup.class;
    }

    /** A class and no lambda, so that none is linked inside a hook. */
    private static final class Frames implements Function<Stream<StackWalker.StackFrame>, Void> {
        private static final String BRIDGE = EbbBridge.class.getName();

        private final Standing standing;

        Frames(Standing standing) {
            this.standing = standing;
        }

        @Override
        public Void apply(Stream<StackWalker.StackFrame> frames) {
            Iterator<StackWalker.StackFrame> iterator = frames.iterator();
            boolean inHook = true;
            while (iterator.hasNext()) {
                StackWalker.StackFrame frame = iterator.next();
                String type = frame.getClassName();
                if (!inHook && !standing.frame(type, frame.getMethodName())) {
                    return null;
                }
                inHook &= !type.equals(BRIDGE) || !frame.getMethodName().equals("check");
            }
            return null;
        }
    }
}
