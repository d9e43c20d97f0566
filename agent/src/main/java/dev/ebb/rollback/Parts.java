package dev.ebb.rollback;

import dev.ebb.load.FieldReader;
import dev.ebb.load.LateResult;
import dev.ebb.load.Load;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.Buffer;
import java.nio.channels.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Finds what the close of a result would close or free along with it: everything closeable, and every buffer and session of off-heap memory, that the
 * result reaches through its fields. Reads fields on the worker while the program may be writing them; what it misses for that it also cannot free.
 *
 * <p>Not parts, though reachable: the receiver and the arguments of the load, which were there before it; what an earlier result had among its parts; and
 * singletons, which a static field of their own class holds. Any other part that somebody else reaches keeps the result open: the load made it, and may
 * have published it.
 */
final class Parts {
    /** Objects looked at; a result that reaches more is not looked through and never closed by proof. */
    private static final int LIMIT = 200_000;

    private final FieldReader fields;
    private final Collector collector;
    private final KnownParts known = new KnownParts();

    Parts(FieldReader fields, Collector collector) {
        this.fields = fields;
        this.collector = collector;
    }

    /** The last references on the parts of one result. */
    final class Watch {
        private final List<WeakReference<Object>> weak = new ArrayList<>();
        private final List<Reference<Object>> last = new ArrayList<>();
        private final long loadBeganNanos;
        private boolean complete = true;

        Watch(long loadBeganNanos) {
            this.loadBeganNanos = loadBeganNanos;
        }

        /** A part that the program still reaches, described; null if there is none. To be asked after a collection. */
        String inUse() {
            if (!complete) {
                return "more objects than Ebb looks through (" + LIMIT + ")";
            }
            for (int i = 0; i < last.size(); i++) {
                if (!collector.hasHandedOver(last.get(i))) {
                    Object part = weak.get(i).get();
                    if (part == null || !known.before(part, loadBeganNanos) && !isSingleton(part)) {
                        return part == null ? "a part that is being collected" : part.getClass().getName();
                    }
                }
            }
            return null;
        }

        void forget() {
            for (Reference<Object> reference : last) {
                collector.forget(reference);
            }
            last.clear();
            weak.clear();
        }
    }

    /** Puts a last reference on every part of {@code result}. */
    Watch watch(Object result, Load load) {
        Watch watch = new Watch(load.startNanos());
        watch.complete = visit(result, load.result(), part -> {
            watch.weak.add(new WeakReference<>(part));
            watch.last.add(collector.register(part));
        });
        return watch;
    }

    /** Remembers what the result of a good load is made of. */
    void learn(Load load) {
        Object result = load.result() == null ? null : load.result().reachable();
        if (result instanceof AutoCloseable && known.wants(load.site().id())) {
            visit(result, load.result(), known::add);
        }
    }

    /** @return false if it gave up because the result reaches too much */
    private boolean visit(Object result, LateResult late, Consumer<Object> part) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        markKnownBefore(late, seen);
        seen.add(result);
        open.add(result);
        while (!open.isEmpty()) {
            Object object = open.poll();
            if (seen.size() > LIMIT) {
                return false;
            }
            if (object != result && isPart(object)) {
                part.accept(object);
            }
            for (Object target : fields.references(object)) {
                if (target != null && isFollowed(target) && seen.add(target)) {
                    open.add(target);
                }
            }
        }
        return true;
    }

    private static void markKnownBefore(LateResult late, Set<Object> seen) {
        if (late.receiver() != null) {
            seen.add(late.receiver());
        }
        for (int i = 0; i < late.argumentCount(); i++) {
            if (late.argument(i) != null) {
                seen.add(late.argument(i));
            }
        }
    }

    /** The JDK's own closeables that are no resources of a load (file systems, executors, class loaders) are none of its parts either. */
    private static boolean isPart(Object object) {
        Class<?> type = object.getClass();
        if (type.getClassLoader() != null) {
            return object instanceof AutoCloseable;
        }
        return object instanceof Channel || object instanceof java.io.InputStream || object instanceof java.io.OutputStream
            || object instanceof java.io.RandomAccessFile || object instanceof Buffer && ((Buffer) object).isDirect()
            || type.getName().startsWith("jdk.internal.foreign.") && type.getName().endsWith("Session") && !type.getSimpleName().startsWith("Global");
    }

    private static boolean isFollowed(Object object) {
        return !(object instanceof Class || object instanceof ClassLoader || object instanceof Thread || object instanceof Module
            || object instanceof Reference || object instanceof String || object instanceof Number || object instanceof Enum
            || object instanceof ThreadGroup || object instanceof java.nio.file.FileSystem);
    }

    /** Held by a static field of its own class or of one above it, directly or in an AtomicReference. */
    private boolean isSingleton(Object part) {
        for (Class<?> type = part.getClass(); type != null; type = type.getSuperclass()) {
            for (Object held : fields.statics(type)) {
                if (held == part || held instanceof AtomicReference && ((AtomicReference<?>) held).get() == part) {
                    return true;
                }
            }
        }
        return false;
    }
}
