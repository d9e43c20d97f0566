package dev.ebb.load;

import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What keeps a late result, and lets go of it. Needs {@code java.lang.ref} opened, as stress/run does. */
public final class LateResultStress {
    private static final LastReferences LAST = lastReferences();
    private static final Object OBJECT = new Object();

    private LateResultStress() { }

    /** As Ebb makes them, where the package is opened by an option. */
    public static LastReferences lastReferences() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            return new LastReferences(MethodHandles.privateLookupIn(Reference.class, lookup), MethodHandles.privateLookupIn(Class.forName("java.lang.ref.Finalizer"), lookup));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LateResult late() {
        return new LateResult(OBJECT, null, null, null);
    }

    /** The load is decided while one more caller gives up: nothing is held through it from then on. */
    @JCStressTest
    @State
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "let go of")
    public static class KeepAndForget {
        private final LateResult late = late();

        @Actor
        public void caller() {
            late.keep(LAST);
        }

        @Actor
        public void worker() {
            late.forget();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = late.last() == null && late.reachable() == null ? 0 : 1;
        }
    }

    /** Two callers give up: there is one last reference, else a result would come out twice, and be closed twice. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the same for both")
    public static class KeepTwice {
        private final LateResult late = late();
        private Reference<?> ones;
        private Reference<?> others;

        @Actor
        public void one() {
            late.keep(LAST);
            ones = late.last();
        }

        @Actor
        public void other() {
            late.keep(LAST);
            others = late.last();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = ones == late.last() ? 1 : 0;
            r.r2 = others == late.last() ? 1 : 0;
        }
    }
}
