package dev.ebb.rollback;

import dev.ebb.load.FieldReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which handles are closed before which: one that refers to another uses it, and goes first; else the last made goes first. A child is mostly made with its
 * parent in hand, and so younger; but options may be given a cache later. Used by the worker alone.
 */
final class CloseOrder {
    /** With more handles than this, or more objects behind one of them, the last made goes first without a look. */
    private static final int HANDLES = 500;
    private static final int OBJECTS = 2_000;

    private final FieldReader fields;

    CloseOrder(FieldReader fields) {
        this.fields = fields;
    }

    /** @param handles the last made first; no object twice */
    List<Object> of(List<Object> handles) {
        if (handles.size() < 2 || handles.size() > HANDLES) {
            return handles;
        }
        Map<Object, Set<Object>> uses = new IdentityHashMap<>();
        for (Object handle : handles) {
            uses.put(handle, null);
        }
        for (Object handle : handles) {
            uses.put(handle, usedBy(handle, uses.keySet()));
        }
        List<Object> ordered = new ArrayList<>();
        Set<Object> placed = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Object handle : handles) {
            place(handle, handles, uses, placed, ordered);
        }
        return ordered;
    }

    /**
     * One of the others that uses one of these: it has to be closed before. Null if there is none; two that use each other do not count.
     *
     * @param mine about to be closed
     */
    Object userOf(List<Object> mine, List<Object> others) {
        Set<Object> ours = Collections.newSetFromMap(new IdentityHashMap<>());
        ours.addAll(mine);
        Set<Object> parts = reachedFrom(mine);
        for (Object other : others) {
            // a part of what is about to be closed may itself use another part of it: a buffer its arena
            if (!ours.contains(other) && !parts.contains(other)) {
                for (Object used : usedBy(other, ours)) {
                    if (usedBy(used, Set.of(other)).isEmpty()) {
                        return other;
                    }
                }
            }
        }
        return null;
    }

    /** After all that use it; two that use each other stay as they were. */
    private static void place(Object handle, List<Object> handles, Map<Object, Set<Object>> uses, Set<Object> placed, List<Object> ordered) {
        if (!placed.add(handle)) {
            return;
        }
        for (Object other : handles) {
            if (uses.get(other).contains(handle) && !uses.get(handle).contains(other)) {
                place(other, handles, uses, placed, ordered);
            }
        }
        ordered.add(handle);
    }

    private Set<Object> reachedFrom(List<Object> objects) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.addAll(objects);
        Deque<Object> open = new ArrayDeque<>(objects);
        while (!open.isEmpty() && seen.size() < OBJECTS) {
            for (Object target : fields.references(open.poll())) {
                if (target != null && Parts.isFollowed(target) && seen.add(target)) {
                    open.add(target);
                }
            }
        }
        return seen;
    }

    /** The other handles that it reaches through its fields, without going beyond them. */
    private Set<Object> usedBy(Object handle, Set<Object> handles) {
        Set<Object> used = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>(List.of(handle));
        seen.add(handle);
        while (!open.isEmpty() && seen.size() < OBJECTS) {
            for (Object target : fields.references(open.poll())) {
                if (target != null && Parts.isFollowed(target) && seen.add(target)) {
                    if (handles.contains(target)) {
                        used.add(target);
                    } else {
                        open.add(target);
                    }
                }
            }
        }
        return used;
    }
}
