package dev.ebb.load;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;

/**
 * What a load returned, kept so that it can be closed if nobody ever uses it, without keeping it alive: by a last reference, and weakly for as long as the
 * program reaches it. The same for the receiver and the arguments where its {@link CloseMethod} needs them. Made on the thread that leaves the load.
 */
public final class LateResult {
    private static final String VOID = "void";

    private final String type;
    private final WeakReference<Object> weak;
    private final WeakReference<Object> receiver;
    private final WeakReference<?>[] arguments;
    private volatile Reference<?> last;
    private volatile boolean closedByProgram;

    /** @param result null for a load that returns nothing but has a close method on its receiver */
    public LateResult(Object result, Object receiver, Object[] arguments, Reference<?> last) {
        this.type = result == null ? VOID : result.getClass().getName();
        this.weak = new WeakReference<>(result);
        this.receiver = new WeakReference<>(receiver);
        this.arguments = new WeakReference<?>[arguments == null ? 0 : arguments.length];
        for (int i = 0; i < this.arguments.length; i++) {
            this.arguments[i] = new WeakReference<>(arguments[i]);
        }
        this.last = last;
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

    public Object receiver() {
        return receiver.get();
    }

    public Object argument(int number) {
        return number < arguments.length ? arguments[number].get() : null;
    }

    public int argumentCount() {
        return arguments.length;
    }

    public Reference<?> last() {
        return last;
    }

    public void last(Reference<?> reference) {
        last = reference;
    }

    public void closedByProgram() {
        closedByProgram = true;
    }

    public boolean isClosedByProgram() {
        return closedByProgram;
    }

    void forget() {
        last = null;
        weak.clear();
        receiver.clear();
    }
}
