package dev.ebb.load;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a load returned, kept so that it can be closed if nobody ever uses it, without keeping it alive: by a last reference, and weakly for as long as the
 * program reaches it. The same for the receiver and the arguments where its {@link CloseMethod} needs them. Made on the thread that leaves the load.
 */
public final class LateResult {
    private static final String VOID = "void";

    private final String type;
    private final WeakReference<Object> weak;
    private final Kept receiver;
    private final boolean closeNeedsReceiver;
    private final Kept[] arguments;
    /** What a result that is a lambda has captured; null for other results. */
    private final WeakReference<?>[] captured;
    private volatile Reference<?> last;
    private boolean forgotten;
    private volatile boolean closedByProgram;
    private volatile boolean outcome;

    /**
     * @param result null for a load that returns nothing
     * @param arguments null if no close method needs them
     * @param captured of a lambda, the objects it has captured; null for other results
     */
    public LateResult(Object result, Object receiver, Object[] arguments, List<Object> captured) {
        this.type = result == null ? VOID : result.getClass().getName();
        this.weak = new WeakReference<>(result);
        this.receiver = new Kept(receiver);
        this.closeNeedsReceiver = arguments != null;
        this.arguments = new Kept[arguments == null ? 0 : arguments.length];
        for (int i = 0; i < this.arguments.length; i++) {
            this.arguments[i] = new Kept(arguments[i]);
        }
        this.captured = captured == null ? null : weak(captured);
    }

    /**
     * Somebody has given up on the load: from now on the result, and what its close needs, are not lost when the program drops them. To be called while the
     * program still holds them. A last reference on the result of a good load would only keep it until it is polled. Any number of times.
     *
     * @param lastReferences null on a JDK that has none
     */
    public synchronized void keep(LastReferences lastReferences) {
        if (forgotten || lastReferences == null) {
            return;
        }
        Object result = last == null ? weak.get() : null;
        if (result != null) {
            last = lastReferences.register(result);
        }
        if (closeNeedsReceiver) {
            receiver.keep(lastReferences);
            for (Kept argument : arguments) {
                argument.keep(lastReferences);
            }
        }
    }

    private static WeakReference<?>[] weak(List<Object> objects) {
        WeakReference<?>[] weak = new WeakReference<?>[objects.size()];
        for (int i = 0; i < weak.length; i++) {
            weak[i] = new WeakReference<>(objects.get(i));
        }
        return weak;
    }

    /** Its class is hidden, and so cannot tell when it is closed; the code of the lambda can. */
    public boolean isLambda() {
        return captured != null;
    }

    /** Whether the lambda holds this very object, or holds none at all. */
    public boolean mayHaveCaptured(Object object) {
        for (WeakReference<?> reference : captured) {
            if (reference.refersTo(cast(object))) {
                return true;
            }
        }
        return captured.length == 0;
    }

    @SuppressWarnings("unchecked")
    private static <T> T cast(Object object) {
        return (T) object;
    }

    /** The class of the result, for reports. */
    public String type() {
        return type;
    }

    /** The method returns nothing, or returned null. */
    public boolean isVoid() {
        return type.equals(VOID);
    }

    /** The result while the program reaches it, else null. */
    public Object reachable() {
        return weak.get();
    }

    public boolean is(Object object) {
        return weak.refersTo(object);
    }

    /** The last references on receiver and arguments; nulls among them. */
    public List<Reference<?>> keptReferences() {
        List<Reference<?>> references = new ArrayList<>();
        references.add(receiver.last());
        for (Kept argument : arguments) {
            references.add(argument.last());
        }
        return references;
    }

    /** The object whose method loaded; null if it is gone, or the method is static. */
    public Object receiver(Predicate<Reference<?>> handedOver) {
        return receiver.get(handedOver);
    }

    public Object argument(int number, Predicate<Reference<?>> handedOver) {
        return arguments[number].get(handedOver);
    }

    /** Whether the argument is still known; one that was null is. */
    public boolean hasArgument(int number, Predicate<Reference<?>> handedOver) {
        return number < arguments.length && arguments[number].isThere(handedOver);
    }

    public Reference<?> last() {
        return last;
    }

    public void last(Reference<?> reference) {
        last = reference;
    }

    /** The future that carries the load has this very result as its own: the task has handed it on, and done nothing else with it as far as that goes. */
    public void becameOutcome() {
        outcome = true;
    }

    public boolean isOutcome() {
        return outcome;
    }

    public void closedByProgram() {
        closedByProgram = true;
    }

    public boolean isClosedByProgram() {
        return closedByProgram;
    }

    synchronized void forget() {
        forgotten = true;
        last = null;
        weak.clear();
    }
}
