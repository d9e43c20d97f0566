package dev.ebb.weave;

import dev.ebb.load.CloseWatcher;
import dev.ebb.load.Kind;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.objectweb.asm.ClassReader;

/**
 * Makes closeable classes tell: constructors of tracked types, the close methods of these and of the classes that results turned out to have. A subclass
 * is tracked by the constructor of its tracked superclass; its close is found where the nearest superclass declares it. Safe for threads that load classes.
 */
final class Closes implements CloseWatcher {
    private static final String OBJECT = "java/lang/Object";

    private final Instrumentation instrumentation;
    private final Consumer<List<Class<?>>> retransform;
    /** Tracked classes, with a dot for each separator. */
    private final Set<String> tracked;
    /** Internal names of the classes below tracked ones. */
    private final Set<String> subclasses = ConcurrentHashMap.newKeySet();
    /** Internal names of classes whose close method tells, if they have one, with the moment when they were woven; 0 if they have yet to be. */
    private final Map<String, Long> wovenNanos = new ConcurrentHashMap<>();

    Closes(Instrumentation instrumentation, Set<String> tracked, Consumer<List<Class<?>>> retransform) {
        this.instrumentation = instrumentation;
        this.tracked = tracked;
        this.retransform = retransform;
    }

    /** @param name internal or binary */
    boolean concerns(String name) {
        return !tracked.isEmpty() && tracked.contains(Watched.plain(name)) || !wovenNanos.isEmpty() && wovenNanos.containsKey(name.replace('.', '/'));
    }

    /** The hooks for a class that is being transformed; empty for most. */
    List<Hook> hooks(String name, byte[] bytes) {
        List<Hook> hooks = new ArrayList<>(0);
        boolean isTracked = !tracked.isEmpty() && tracked.contains(Watched.plain(name));
        boolean isSubclass = !tracked.isEmpty() && !isTracked && isSubclass(name, bytes);
        if (isTracked) {
            hooks.add(new Hook(name, "<init>", null, Hook.At.RETURN, false, "taken", Kind.TRACKED_CONSTRUCTED, new String[] {"this"}));
        }
        if (isTracked || isSubclass || !wovenNanos.isEmpty() && wovenNanos.containsKey(name)) {
            hooks.add(new Hook(name, "close", "()V", Hook.At.ENTRY, false, "seen", Kind.CLOSED, new String[] {"this"}));
            wovenNanos.compute(name, (key, before) -> before == null || before == 0 ? Long.valueOf(System.nanoTime() | 1) : before);
            // the close may be inherited: the classes above are woven as they load, those that are loaded already by catchUp
            String above = new ClassReader(bytes).getSuperName();
            if (!isSubclass && above != null && !above.equals(OBJECT)) {
                wovenNanos.putIfAbsent(above, 0L);
            }
        }
        return hooks;
    }

    /** Whether a class above it is tracked; these load before it, and are known by then. */
    private boolean isSubclass(String name, byte[] bytes) {
        String above = new ClassReader(bytes).getSuperName();
        boolean subclass = above != null && (subclasses.contains(above) || tracked.contains(Watched.plain(above)));
        if (subclass) {
            subclasses.add(name);
        }
        return subclass;
    }

    /** Weaves classes that were loaded before it was known that they matter. About once a second, on the worker. */
    void catchUp() {
        if (!wovenNanos.containsValue(0L)) {
            return;
        }
        List<Class<?>> late = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            Long woven = wovenNanos.get(type.getName().replace('.', '/'));
            if (woven != null && woven == 0 && type.getClassLoader() != null && instrumentation.isModifiableClass(type)) {
                late.add(type);
            }
        }
        retransform.accept(late);
    }

    @Override
    public boolean watch(Class<?> type) {
        Class<?> declaring = declaring(type);
        if (declaring == null || declaring.isHidden() || declaring.getClassLoader() == null || !instrumentation.isModifiableClass(declaring)) {
            return false;
        }
        String name = declaring.getName().replace('.', '/');
        if (wovenNanos.putIfAbsent(name, 0L) == null || wovenNanos.get(name) == 0) {
            retransform.accept(List.of(declaring));
        }
        return wovenNanos.get(name) != 0;
    }

    @Override
    public boolean watchedSince(Class<?> type, long nanos) {
        Class<?> declaring = declaring(type);
        Long woven = declaring == null ? null : wovenNanos.get(declaring.getName().replace('.', '/'));
        return woven != null && woven != 0 && woven - nanos <= 0;
    }

    /** The class that has the code of its close method, or null. */
    private static Class<?> declaring(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            try {
                return Modifier.isAbstract(c.getDeclaredMethod("close").getModifiers()) ? null : c;
            } catch (NoSuchMethodException | LinkageError e) {
                // it is inherited, or cannot be looked at
            }
        }
        return null;
    }
}
