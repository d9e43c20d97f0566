package dev.ebb.rollback;

import dev.ebb.load.CloseMethod;
import dev.ebb.load.LateResult;
import dev.ebb.load.Load;
import dev.ebb.load.LoadFutures;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether the program can still reach what a load returned. Closing the result closes what it is made of, so its parts have to be out of reach as well:
 * a reader that nobody holds any more may have given one of its segments to somebody.
 */
final class Proof {
    private final Collector collector;
    private final Parts parts;
    private final Load load;
    private Parts.Watch watch;

    Proof(Collector collector, Parts parts, Load load) {
        this.collector = collector;
        this.parts = parts;
        this.load = load;
    }

    /**
     * Right before a collection that Ebb asks for: puts a last reference on the result and on every part that it has now. Whatever was proven before is
     * forgotten: the program may have made new parts, and given them away, since then. References that have not come out stay as they are: what a young
     * reference watches, a collection beside the program (G1's) takes for reachable.
     */
    void renew() {
        LateResult late = load.result();
        if (late != null && collector.awaitsConfirmation(late.last())) {
            return;
        }
        renewOpened();
        if (late == null || late.isVoid()) {
            return;
        }
        Object result = late.reachable();
        boolean cameOut = collector.hasHandedOver(late.last());
        if (result == null && cameOut) {
            result = late.last().get();
        }
        if (result != null) {
            if (cameOut || late.last() == null) {
                collector.forget(late.last());
                late.last(collector.register(result));
            }
            watch = parts.watch(result, load, watch);
        }
    }

    /** Whether nothing is proven of the result any more unless {@link #renew} is called: it came out, and something of it did not, or is not listed. */
    boolean isStale() {
        LateResult late = load.result();
        return late != null && !late.isVoid() && !late.isClosedByProgram() && (watch == null || collector.hasHandedOver(late.last()));
    }

    /** A reference that has handed its object over holds it: what the load opened, and the result has as a part, would never be proven again. */
    private void renewOpened() {
        for (Resource resource : load.ledger().live()) {
            Reference<?> last = resource instanceof ObjectResource ? ((ObjectResource) resource).last() : null;
            if (last != null && collector.hasHandedOver(last)) {
                Reference<?> fresh = collector.register(last.get());
                ((ObjectResource) resource).keptBy(fresh);
                collector.forget(last);
                if (resource.released()) {
                    // in between: nobody will ever ask for it
                    collector.forget(fresh);
                }
            }
        }
    }

    /** Whether there is a result that has to be proven free. */
    boolean hasResult() {
        LateResult late = load.result();
        return late != null && !late.isVoid() && !late.isClosedByProgram() && !(unpublished() && late.isOutcome());
    }

    private boolean unpublished() {
        return load.site().close() != null && load.site().close().unpublished();
    }

    /** Whether the parts of a free result are those that were proven; nobody else can change it any more. */
    boolean isComplete() {
        Object result = result();
        return result == null || watch == null || watch.holdsAllPartsOf(result, load);
    }

    /**
     * Nobody can have taken the result through its future: a caller gave up on it or it was cancelled, nobody read it, and no future of it can be reached.
     * A load that merely passed its deadline may have been waited for all the same.
     */
    boolean callerGone() {
        LoadFutures futures = load.futures();
        return (futures.callerGaveUp() || futures.cancelled() != null) && !futures.read() && !futures.carriers().isEmpty() && futures.unreachable();
    }

    /**
     * There is no result, or nothing but Ebb reaches it and its parts. What a method that returns nothing has made cannot be reached for: there it is
     * enough that the caller is gone, or that the user says so of a result ({@code unpublished}).
     */
    boolean resultFree() {
        LateResult late = load.result();
        if (late != null && late.isVoid()) {
            return late.isClosedByProgram() || callerGone();
        }
        if (late != null && unpublished() && late.isOutcome() && callerGone()) {
            return late.isClosedByProgram() || isAtHand(late);
        }
        return late == null || late.isClosedByProgram() || collector.hasHandedOver(late.last()) && watch != null && watch.inUse() == null;
    }

    /** Whether its close has the result: one that came out once, and awaits a second collection, can be had only after that. */
    private boolean isAtHand(LateResult late) {
        return load.site().close().onReceiver() || late.reachable() != null || collector.hasHandedOver(late.last());
    }

    /** Whether the result, or a handle, came out of a collection that a second one has to confirm. */
    boolean awaitsConfirmation() {
        if (!collector.awaitsAny()) {
            return false;
        }
        LateResult late = load.result();
        if (late != null && collector.awaitsConfirmation(late.last())) {
            return true;
        }
        for (Resource resource : load.ledger().live()) {
            if (resource.kind() == ResourceKind.TRACKED && collector.awaitsConfirmation(((ObjectResource) resource).last())) {
                return true;
            }
        }
        return false;
    }

    /** Whether nobody but Ebb reaches a handle that the load has made. */
    boolean handlesFree() {
        for (Resource resource : load.ledger().live()) {
            if (resource.kind() == ResourceKind.TRACKED && !collector.hasHandedOver(((ObjectResource) resource).last())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Handles that nobody reaches and that can be closed one by one, while the result, which nobody reaches either, cannot: its close may close a part that the program uses, theirs leaves
     * that open. Empty as a rule.
     */
    List<ObjectResource> handlesApart() {
        List<ObjectResource> apart = new ArrayList<>();
        Object result = result();
        if (result == null || watch == null || load.site().close() != null) {
            return apart;
        }
        for (Resource resource : load.ledger().live()) {
            if (resource.kind() == ResourceKind.TRACKED && collector.hasHandedOver(((ObjectResource) resource).last())) {
                ObjectResource handle = (ObjectResource) resource;
                Object object = handle.last().get();
                if (object != result && watch.leavesOpenWhatIsInUse(object, load)) {
                    apart.add(handle);
                }
            }
        }
        return apart;
    }

    /** The result once it was handed over, else null: before that, reading it past the collector's barriers could bring a dead object back. */
    Object result() {
        LateResult late = load.result();
        return late != null && collector.hasHandedOver(late.last()) ? late.last().get() : null;
    }

    /** The object whose method loaded, as far as it is there; it may itself have been handed over. */
    Object receiver() {
        return load.result().receiver(collector::hasHandedOver);
    }

    /** The arguments that the rule hands over; null if one of them is gone. */
    Object[] arguments(CloseMethod method) {
        Object[] arguments = new Object[method.arguments().length];
        for (int i = 0; i < arguments.length; i++) {
            int number = method.arguments()[i];
            if (!load.result().hasArgument(number, collector::hasHandedOver)) {
                return null;
            }
            arguments[i] = load.result().argument(number, collector::hasHandedOver);
        }
        return arguments;
    }

    /** Classes of the program that the parts have. */
    Set<Class<?>> partClasses() {
        return watch == null ? Set.of() : watch.classes();
    }

    /** What is still in use, for the log. */
    String holder() {
        LateResult late = load.result();
        if (late == null) {
            return null;
        }
        if (late.isVoid()) {
            return "the caller of a load that returns nothing may have come back to it";
        }
        if (!collector.hasHandedOver(late.last())) {
            return "the program reaches the result " + late.type();
        }
        String part = watch == null ? null : watch.inUse();
        return part == null ? null : "the program reaches " + part + ", a part of the result " + late.type()
            + "; if the load hands it to nobody, say so with ebb.close=" + load.site().method() + " => close() unpublished";
    }

    /** What the program still reaches, weakly; empty if nothing but Ebb does. To be asked before {@link #forget}. */
    List<Reference<?>> held() {
        List<Reference<?>> held = new ArrayList<>();
        LateResult late = load.result();
        if (late != null && !late.isVoid() && !late.isClosedByProgram()) {
            if (!collector.hasHandedOver(late.last()) && late.reachable() != null) {
                held.add(new WeakReference<>(late.reachable()));
            } else if (watch != null) {
                held.addAll(watch.held());
            }
        }
        return held;
    }

    /** Lets go of the parts; those that came out are garbage that Ebb alone keeps. {@link #renew} begins anew. */
    void releaseParts() {
        if (watch != null) {
            watch.forget();
            watch = null;
        }
    }

    /** Lets go of everything. */
    void forget() {
        LateResult late = load.result();
        if (late != null) {
            collector.forget(late.last());
            late.keptReferences().forEach(collector::forget);
        }
        releaseParts();
        load.letGoOfResult();
    }
}
