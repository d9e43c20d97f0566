package dev.ebb.rollback;

import dev.ebb.load.Block;
import dev.ebb.load.FieldReader;
import dev.ebb.load.HeapWalker.Wanted;
import dev.ebb.load.Load;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What is left of a load and may be held by somebody: objects, known weakly, and memory, known by its addresses. Immutable. */
final class Survivors {
    /** More of a kind than this would only make the search longer: what holds one of them mostly holds all. */
    private static final int OBJECTS = 1_000;
    private static final int SPANS = 10_000;

    private final List<Reference<?>> objects;
    private final long[] spans;

    private Survivors(List<Reference<?>> objects, long[] spans) {
        this.objects = objects;
        this.spans = spans;
    }

    /** @param objects weak references */
    static Survivors of(List<? extends Reference<?>> objects) {
        return new Survivors(List.copyOf(objects), new long[0]);
    }

    /** What the ledger of a load that was rolled back still has. */
    static Survivors of(Load load) {
        List<Reference<?>> objects = new ArrayList<>();
        List<long[]> spans = new ArrayList<>();
        for (Resource resource : load.ledger().live()) {
            Object object = resource instanceof ObjectResource ? ((ObjectResource) resource).object() : null;
            if (object != null && objects.size() < OBJECTS) {
                objects.add(new WeakReference<>(object));
            } else if (resource instanceof Block && resource.kind() != ResourceKind.UNSAFE && spans.size() < SPANS) {
                long address = ((Block) resource).address();
                spans.add(new long[] {address, address + Math.max(1, resource.bytes()) - 1});
            }
        }
        spans.sort((a, b) -> Long.compareUnsigned(a[0], b[0]));
        long[] flat = new long[2 * spans.size()];
        for (int i = 0; i < spans.size(); i++) {
            flat[2 * i] = spans.get(i)[0];
            flat[2 * i + 1] = spans.get(i)[1];
        }
        return new Survivors(objects, flat);
    }

    boolean isEmpty() {
        if (spans.length > 0) {
            return false;
        }
        for (Reference<?> object : objects) {
            if (!object.refersTo(null)) {
                return false;
            }
        }
        return true;
    }

    Wanted wanted() {
        return new Wanted(objects, spans.clone());
    }

    /** Keeps the objects, so that nothing but a search may hold it. */
    final class Match {
        private final Set<Object> alive = Collections.newSetFromMap(new IdentityHashMap<>());
        private final FieldReader fields;

        Match(FieldReader fields) {
            this.fields = fields;
            for (Reference<?> reference : objects) {
                Object object = reference.get();
                if (object != null) {
                    alive.add(object);
                }
            }
        }

        boolean is(Object object) {
            return alive.contains(object) || spans.length > 0 && object instanceof Buffer && isInSpan(fields.address((Buffer) object));
        }
    }

    private boolean isInSpan(long address) {
        int low = 0;
        int high = spans.length / 2;
        while (address != 0 && low < high) {
            int middle = (low + high) >>> 1;
            if (spans[2 * middle + 1] < address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return address != 0 && 2 * low < spans.length && spans[2 * low] <= address;
    }
}
