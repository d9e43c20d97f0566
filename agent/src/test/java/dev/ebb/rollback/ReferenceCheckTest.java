package dev.ebb.rollback;

import org.junit.jupiter.api.Test;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** JDKs that do and do not hand over the right thing; this test is their garbage collector. */
class ReferenceCheckTest {
    private final List<Reference<Object>> registered = new ArrayList<>();
    private final List<Object> kept = new ArrayList<>();
    private final ReferenceCheck check = new ReferenceCheck(this::register);

    private Reference<Object> register(Object object) {
        kept.add(object);
        registered.add(new WeakReference<>(object));
        return registered.get(registered.size() - 1);
    }

    @Test
    void theOrphanAloneIsRight() {
        assertFalse(check.hasPassed());
        assertFalse(check.sees(new WeakReference<>(new Object())));
        assertFalse(check.hasPassed());
        assertTrue(check.sees(registered.get(0)));
        assertTrue(check.hasPassed());
        assertFalse(check.hasFailed());
    }

    @Test
    void whatIsInUseMustNotBeHandedOver() {
        assertTrue(check.sees(registered.get(0)));
        assertTrue(check.sees(registered.get(1)));
        assertTrue(check.hasFailed());
        assertFalse(check.hasPassed());
    }

    @Test
    void theOrphanMustStillBeThere() {
        registered.get(0).clear();
        assertTrue(check.sees(registered.get(0)));
        assertTrue(check.hasFailed());
        assertFalse(check.hasPassed());
    }
}
