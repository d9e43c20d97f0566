package dev.ebb.weave;

import dev.ebb.load.CloseWatcher;
import dev.ebb.load.Kind;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Type;

/**
 * Makes closeable classes tell: constructors of tracked types, and the close methods of these and of the classes that results turned out to have. A
 * subclass is tracked by the constructor of its tracked superclass. A result that is a lambda has a hidden class, which cannot be woven; the method with
 * its code, in the class that made it, can. Safe for threads that load classes.
 */
final class Closes implements CloseWatcher {
    private static final String OBJECT = "java/lang/Object";
    private static final String[] NO_OPERANDS = {};

    private final Instrumentation instrumentation;
    private final Openings openings;
    private final Consumer<List<Class<?>>> retransform;
    /** Tracked classes, with a dot for each separator. */
    private final Set<String> tracked;
    /** Internal names of the classes below tracked ones. */
    private final Set<String> subclasses = ConcurrentHashMap.newKeySet();
    /** Internal names of classes whose close method is to tell, if they have one. */
    private final Set<String> closing = ConcurrentHashMap.newKeySet();
    /** By internal name of the class that makes them: the descriptors of lambda bodies that are to tell. */
    private final Map<String, Set<String>> lambdas = new ConcurrentHashMap<>();
    /** By class, and descriptor of a lambda body behind it: since when it tells. */
    private final Map<String, Long> wovenNanos = new ConcurrentHashMap<>();

    Closes(Instrumentation instrumentation, Openings openings, Set<String> tracked, Consumer<List<Class<?>>> retransform) {
        this.instrumentation = instrumentation;
        this.openings = openings;
        this.tracked = tracked;
        this.retransform = retransform;
    }

    /** @param name internal or binary */
    boolean concerns(String name) {
        String internal = name.replace('.', '/');
        return !tracked.isEmpty() && (tracked.contains(Watched.plain(name)) || subclasses.contains(internal))
            || closing.contains(internal) || lambdas.containsKey(internal);
    }

    /** The hooks for a class that is being transformed; empty for most. */
    List<Hook> hooks(String name, byte[] bytes) {
        List<Hook> hooks = new ArrayList<>(0);
        if (!tracked.isEmpty()) {
            addTracked(name, bytes, hooks);
        }
        if (closing.contains(name)) {
            hooks.add(new Hook(name, "close", "()V", Hook.At.ENTRY, false, "seen", Kind.CLOSED, new String[] {"this"}));
        }
        Set<String> bodies = lambdas.isEmpty() ? null : lambdas.get(name);
        if (bodies != null) {
            for (String body : bodies) {
                boolean object = body.startsWith("L");
                hooks.add(new Hook(name, Hook.LAMBDA, body.substring(1), Hook.At.ENTRY, false, "seen", Kind.LAMBDA_RUN, object ? new String[] {"0"} : NO_OPERANDS));
            }
        }
        return hooks;
    }

    /** These hooks found their method, in a class that is about to be defined or retransformed. */
    void woven(Set<Hook> matched) {
        for (Hook hook : matched) {
            if (hook.kind() == Kind.CLOSED) {
                wovenNanos.putIfAbsent(hook.owner(), System.nanoTime());
            } else if (hook.kind() == Kind.LAMBDA_RUN) {
                wovenNanos.putIfAbsent(hook.owner() + hook.descriptor(), System.nanoTime());
            }
        }
    }

    private void addTracked(String name, byte[] bytes, List<Hook> hooks) {
        boolean itself = tracked.contains(Watched.plain(name));
        String above = new ClassReader(bytes).getSuperName();
        boolean below = above != null && (subclasses.contains(above) || tracked.contains(Watched.plain(above)));
        if (below) {
            subclasses.add(name);
        }
        if (itself) {
            hooks.add(new Hook(name, "<init>", null, Hook.At.RETURN, false, "taken", Kind.TRACKED_CONSTRUCTED, new String[] {"this"}));
        }
        if (itself || below) {
            closing.add(name);
        }
        // the close may be inherited: classes above are woven as they load, or by catchUp if they are loaded already
        if ((itself || closing.contains(name)) && above != null && !above.equals(OBJECT)) {
            closing.add(above);
        }
    }

    /** Weaves classes that were loaded before it was known that they matter. About once a second, on the worker. */
    void catchUp() {
        if (tracked.isEmpty() || wovenNanos.keySet().containsAll(closing)) {
            return;
        }
        List<Class<?>> late = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            String name = type.getName().replace('.', '/');
            if (closing.contains(name) && !wovenNanos.containsKey(name) && declaring(type) == type && weavable(type)) {
                late.add(type);
            }
        }
        retransform.accept(late);
    }

    @Override
    public boolean watch(Class<?> type) {
        if (type.isHidden()) {
            return watchLambda(type);
        }
        Class<?> declaring = declaring(type);
        if (declaring == null || !weavable(declaring)) {
            return false;
        }
        String name = declaring.getName().replace('.', '/');
        if (closing.add(name) || !wovenNanos.containsKey(name)) {
            retransform.accept(List.of(declaring));
        }
        return wovenNanos.containsKey(name);
    }

    @Override
    public boolean watchedSince(Class<?> type, long nanos) {
        Long woven = null;
        if (type.isHidden()) {
            for (String body : bodies(type)) {
                Long since = wovenNanos.get(type.getNestHost().getName().replace('.', '/') + body.substring(1));
                woven = woven == null ? since : woven;
            }
        } else {
            Class<?> declaring = declaring(type);
            woven = declaring == null ? null : wovenNanos.get(declaring.getName().replace('.', '/'));
        }
        return woven != null && woven - nanos <= 0;
    }

    @Override
    public List<Object> captured(Object lambda) {
        List<Object> objects = new ArrayList<>();
        for (Field field : lambda.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive() && openings.makeAccessible(field)) {
                try {
                    objects.add(field.get(lambda));
                } catch (IllegalAccessException e) {
                    // it cannot be known: it may be any
                    objects.add(null);
                }
            }
        }
        return objects;
    }

    private boolean watchLambda(Class<?> type) {
        Class<?> host = type.getNestHost();
        if (host == type || !weavable(host)) {
            return false;
        }
        String name = host.getName().replace('.', '/');
        Set<String> known = lambdas.computeIfAbsent(name, key -> ConcurrentHashMap.newKeySet());
        List<String> bodies = bodies(type);
        if (known.addAll(bodies)) {
            retransform.accept(List.of(host));
        }
        for (String body : bodies) {
            if (wovenNanos.containsKey(name + body.substring(1))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Descriptors that the body of a lambda without arguments and result can have: it takes what the lambda has captured, in the order of its fields, the
     * first of it perhaps as its receiver. Each behind a letter, L if its first variable is an object.
     */
    private static List<String> bodies(Class<?> lambda) {
        StringBuilder all = new StringBuilder();
        StringBuilder rest = new StringBuilder();
        String letter = "P";
        int count = 0;
        for (Field field : lambda.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                String descriptor = Type.getDescriptor(field.getType());
                letter = count == 0 && !field.getType().isPrimitive() ? "L" : letter;
                all.append(descriptor);
                rest.append(count++ == 0 ? "" : descriptor);
            }
        }
        return letter.equals("L") ? List.of("L(" + all + ")V", "L(" + rest + ")V") : List.of("P(" + all + ")V");
    }

    private boolean weavable(Class<?> type) {
        return !type.isHidden() && type.getClassLoader() != null && instrumentation.isModifiableClass(type);
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
