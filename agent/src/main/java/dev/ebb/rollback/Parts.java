package dev.ebb.rollback;

import dev.ebb.load.CloseWatcher;
import dev.ebb.load.FieldReader;
import dev.ebb.load.Load;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.Buffer;
import java.nio.channels.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Finds what the close of a result would close or free along with it: everything that the result reaches through its fields and that can be closed or may
 * hold native memory. Reads fields on the worker while the program may be writing them; what it misses for that it also cannot free.
 *
 * <p>Any part that somebody else reaches keeps the result open: the load may have published it, or the program may share it. Only three things are not
 * parts, though reachable: the receiver of the load and what is reached through it (the store that made a segment is not closed with the segment),
 * singletons, which a static final field of their own class holds, in an AtomicReference only if it was seen there before the load began, and what a preset
 * says that its engine's closes leave open, with what is reached through it alone; that only if the close runs through nothing but the engine: a wrapper, a
 * listener, or a closer of the program's may get at it through the engine's objects, and close it.
 */
final class Parts {
    /** Objects looked at; a result that reaches more is not looked through and never closed by proof. */
    private static final int LIMIT = 200_000;

    private final FieldReader fields;
    private final Collector collector;
    private final CloseWatcher closes;
    private final Map<Class<?>, Boolean> partClasses = new WeakHashMap<>();
    private final SeenBefore singletons = new SeenBefore();

    Parts(FieldReader fields, Collector collector, CloseWatcher closes) {
        this.fields = fields;
        this.collector = collector;
        this.closes = closes;
    }

    /** The last references on the parts of one result. */
    final class Watch {
        private final List<WeakReference<Object>> weak = new ArrayList<>();
        private final List<Reference<Object>> last = new ArrayList<>();
        private final Set<Class<?>> classes = new HashSet<>();
        private final long loadBeganNanos;
        private boolean complete = true;
        /** The class of a part that the JVM finalizes. */
        private String finalized;

        Watch(long loadBeganNanos) {
            this.loadBeganNanos = loadBeganNanos;
        }

        /** A part that the program still reaches, described; null if there is none. To be asked after a collection. */
        String inUse() {
            if (finalized != null) {
                // handed over to the finalizer thread at the same moment as to us: a close would free a second time
                return finalized + ", which has a finalizer of its own";
            }
            if (!complete) {
                return "more objects than Ebb looks through (" + LIMIT + ")";
            }
            for (int i = 0; i < last.size(); i++) {
                if (!collector.hasHandedOver(last.get(i))) {
                    Object part = weak.get(i).get();
                    if (part == null || !isSingleton(part, loadBeganNanos)) {
                        return part == null ? "a part that is being collected" : part.getClass().getName();
                    }
                }
            }
            return null;
        }

        /** The parts that the program still reaches, weakly. */
        List<WeakReference<Object>> held() {
            List<WeakReference<Object>> held = new ArrayList<>();
            for (int i = 0; i < last.size(); i++) {
                if (!collector.hasHandedOver(last.get(i))) {
                    held.add(weak.get(i));
                }
            }
            return held;
        }

        Set<Class<?>> classes() {
            return classes;
        }

        /** Whether every part that the result has now came out with it. */
        boolean holdsAllPartsOf(Object result, Load load) {
            Set<Object> proven = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Reference<Object> reference : last) {
                if (collector.hasHandedOver(reference)) {
                    proven.add(reference.get());
                }
            }
            boolean[] all = {true};
            visit(result, load, part -> all[0] &= part == result || proven.contains(part) || isSingleton(part, load.startNanos()));
            return all[0];
        }

        /**
         * Whether the program reaches no part but what the close of {@code handle}, which nobody reaches, leaves open, as a preset says of its engine; and whether all else that the handle
         * is made of came out with the result.
         */
        boolean leavesOpenWhatIsInUse(Object handle, Load load) {
            if (finalized != null || !complete) {
                return false;
            }
            for (int i = 0; i < last.size(); i++) {
                if (!collector.hasHandedOver(last.get(i))) {
                    Object part = weak.get(i).get();
                    if (part == null || !isSingleton(part, loadBeganNanos) && !closes.leavesOpen(handle.getClass(), part.getClass())) {
                        return false;
                    }
                }
            }
            return holdsAllPartsOf(handle, load);
        }

        /** The references that have not come out, by their parts, which are held by the map; the others are forgotten. */
        private Map<Object, Reference<Object>> takeWatched() {
            Map<Object, Reference<Object>> watched = new IdentityHashMap<>();
            for (int i = 0; i < last.size(); i++) {
                Object part = weak.get(i).get();
                boolean cameOut = part == null || collector.hasHandedOver(last.get(i)) || collector.awaitsConfirmation(last.get(i));
                if (cameOut || watched.putIfAbsent(part, last.get(i)) != null) {
                    collector.forget(last.get(i));
                }
            }
            last.clear();
            weak.clear();
            return watched;
        }

        void forget() {
            for (Reference<Object> reference : last) {
                collector.forget(reference);
            }
            last.clear();
            weak.clear();
        }
    }

    /** Puts a last reference on every part of {@code result}. @param before the watch that this one replaces, or null */
    Watch watch(Object result, Load load, Watch before) {
        Watch watch = new Watch(load.startNanos());
        Map<Object, Reference<Object>> watched = before == null ? Map.of() : before.takeWatched();
        watch.complete = visit(result, load, part -> {
            if (hasFinalizer(part.getClass())) {
                watch.finalized = part.getClass().getName();
            }
            watch.classes.add(part.getClass());
            if (part != result) {
                watch.weak.add(new WeakReference<>(part));
                Reference<Object> last = watched.isEmpty() ? null : watched.remove(part);
                watch.last.add(last == null ? collector.register(part) : last);
            }
        });
        watched.values().forEach(collector::forget);
        return watch;
    }

    /** @return false if it gave up because the result reaches too much */
    private boolean visit(Object result, Load load, Consumer<Object> part) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        List<Object> leftOpen = new ArrayList<>();
        Set<Class<?>> through = new HashSet<>();
        Object receiver = load.result().receiver(handedOver -> false);
        if (receiver != null) {
            seen.add(receiver);
        }
        seen.add(result);
        open.add(result);
        while (!open.isEmpty()) {
            Object object = open.poll();
            if (seen.size() > LIMIT) {
                return false;
            }
            if (object == result || isPart(object)) {
                part.accept(object);
            }
            if (object.getClass().getClassLoader() != null) {
                through.add(object.getClass());
            }
            for (Object target : fields.references(object)) {
                if (target != null && isFollowed(target)) {
                    if (load.site().close() == null && closes.leavesOpen(object.getClass(), target.getClass())) {
                        leftOpen.add(target);
                    } else if (seen.add(target)) {
                        open.add(target);
                    }
                }
            }
            if (open.isEmpty()) {
                leftOpen.removeIf(target -> {
                    boolean isLeft = through.stream().allMatch(type -> closes.leavesOpen(type, target.getClass()));
                    if (!isLeft && seen.add(target)) {
                        open.add(target);
                    }
                    return !isLeft;
                });
            }
        }
        return true;
    }

    /** The JDK's own closeables that are no resources of a load (file systems, executors, class loaders) are none of its parts either. */
    private boolean isPart(Object object) {
        Class<?> type = object.getClass();
        if (type.getClassLoader() != null) {
            return object instanceof AutoCloseable || partClasses.computeIfAbsent(type, PartClass::mayHoldMemory);
        }
        return object instanceof Channel || object instanceof java.io.InputStream || object instanceof java.io.OutputStream
            || object instanceof java.io.RandomAccessFile || object instanceof Buffer && ((Buffer) object).isDirect()
            || type.getName().startsWith("jdk.internal.foreign.") && type.getName().endsWith("Session") && !type.getSimpleName().startsWith("Global");
    }

    static boolean isFollowed(Object object) {
        return !(object instanceof Class || object instanceof ClassLoader || object instanceof Thread || object instanceof Module
            || object instanceof Reference || object instanceof String || object instanceof Number || object instanceof Enum
            || object instanceof ThreadGroup || object instanceof java.nio.file.FileSystem);
    }

    private static boolean hasFinalizer(Class<?> type) {
        for (Class<?> c = type; c != null && c.getClassLoader() != null; c = c.getSuperclass()) {
            if (PartClass.declares(c, "finalize")) {
                return true;
            }
        }
        return false;
    }

    /** Made when its class was initialized, or lazily by an earlier load. */
    private boolean isSingleton(Object part, long loadBeganNanos) {
        Object holder = holder(part);
        return holder == part || holder != null && singletons.before(part, loadBeganNanos);
    }

    /** Remembers singletons among the parts of a good load's result that were made lazily. */
    void learn(Load load) {
        Object result = load.result() == null ? null : load.result().reachable();
        if (result != null && singletons.wants(load.site().id())) {
            visit(result, load, part -> {
                Object holder = holder(part);
                if (holder != null && holder != part) {
                    singletons.add(part);
                }
            });
        }
    }

    /** The object itself, or an AtomicReference to it, if a static final field of its own class or of one above holds that; else null. */
    private Object holder(Object part) {
        for (Class<?> type = part.getClass(); type != null; type = type.getSuperclass()) {
            for (Object constant : fields.constants(type)) {
                if (constant == part || constant instanceof AtomicReference && ((AtomicReference<?>) constant).get() == part) {
                    return constant;
                }
            }
        }
        return null;
    }
}
