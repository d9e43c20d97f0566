package dev.ebb.rollback;

import java.lang.ref.Reference;
import java.util.function.Function;

/**
 * Whether last references do on this JDK what every close by proof relies on: of two objects, one that nobody reaches and one that somebody does, the first
 * is handed over, as it was, and the other is not. Used by the worker alone.
 */
final class ReferenceCheck {
    private final Object published = new Object();
    private final Reference<?> ofPublished;
    private final Reference<?> ofOrphan;
    private final int orphan;
    private boolean orphanCame;
    private boolean failed;

    /** @param register as {@code LastReferences.register} */
    ReferenceCheck(Function<Object, Reference<Object>> register) {
        Object object = new Object();
        orphan = System.identityHashCode(object);
        ofOrphan = register.apply(object);
        ofPublished = register.apply(published);
    }

    /** @return whether it is one of this check's own; @param handedOver as it comes out of the queue */
    boolean sees(Reference<?> handedOver) {
        if (handedOver == ofOrphan) {
            orphanCame = true;
            Object object = handedOver.get();
            failed |= object == null || System.identityHashCode(object) != orphan;
        } else if (handedOver == ofPublished) {
            failed = true;
        }
        return handedOver == ofOrphan || handedOver == ofPublished;
    }

    /** Whether nothing may be taken for proven on this JDK. */
    boolean hasFailed() {
        Reference.reachabilityFence(published);
        return failed;
    }

    /** Whether a collection has shown that it works. To be asked when all that a collection hands over has come. */
    boolean hasPassed() {
        return orphanCame && !hasFailed();
    }
}
