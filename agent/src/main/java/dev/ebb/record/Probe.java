package dev.ebb.record;

import java.lang.ref.Reference;

/** Equal to each weak reference to its object that has the hash of its identity, which it finds in a map without reading any; only to look up. */
final class Probe {
    private final Object object;

    Probe(Object object) {
        this.object = object;
    }

    @Override
    @SuppressWarnings("unchecked") // whatever it refers to, it is only compared
    public boolean equals(Object other) {
        return other instanceof Reference && ((Reference<Object>) other).refersTo(object);
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(object);
    }
}
