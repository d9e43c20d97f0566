package dev.ebb.weave;

import dev.ebb.load.CloseWatcher;
import dev.ebb.load.Kind;
import dev.ebb.load.Trouble;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
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
    private static final Long REFUSED = Long.MIN_VALUE;

    private final Instrumentation instrumentation;
    private final Openings openings;
    /** Weaves a loaded class anew; false if the JVM refuses. */
    private final Predicate<Class<?>> retransform;
    private final Trouble trouble;
    /** Tracked classes, with a dot for each separator. */
    private final Set<String> tracked = ConcurrentHashMap.newKeySet();
    /** By binary name of a type that an engine's closes leave open: what the names of that engine's classes begin with. */
    private final Map<String, List<String>> leftOpen = new ConcurrentHashMap<>();
    /** Internal names of the classes below tracked ones. */
    private final Set<String> subclasses = ConcurrentHashMap.newKeySet();
    /** Internal names of classes whose close method is to tell, if they have one. */
    private final Set<String> closing = ConcurrentHashMap.newKeySet();
    /** By internal name of the class that makes them: the descriptors of lambda bodies that are to tell. */
    private final Map<String, Set<String>> lambdas = new ConcurrentHashMap<>();
    /** Names and descriptors of lambda bodies that were found in a class file. */
    private final Set<String> foundLambdas = ConcurrentHashMap.newKeySet();
    /** Internal names of classes whose close was found, and tells. */
    private final Set<String> foundCloses = ConcurrentHashMap.newKeySet();
    /** By class, since when its close, or the lambda bodies in it that were asked for, tell; {@link #REFUSED} if they cannot. */
    private final Map<Class<?>, Map<String, Long>> since = Collections.synchronizedMap(new WeakHashMap<>());
    /** By class loader, the names of classes that were woven as they were defined: these have told from their first moment. */
    private final Map<ClassLoader, Set<String>> defined = Collections.synchronizedMap(new WeakHashMap<>());

    Closes(Instrumentation instrumentation, Openings openings, Predicate<Class<?>> retransform, Trouble trouble) {
        this.instrumentation = instrumentation;
        this.openings = openings;
        this.retransform = retransform;
        this.trouble = trouble;
    }

    /** From now on these are tracked. @param names of classes, nested ones after {@code $} or a dot */
    void track(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            tracked.add(Watched.plain(names.get(i)));
        }
    }

    /**
     * From now on it is known that the other classes of an engine leave these types, and subtypes, open in their own close.
     *
     * @param names binary @param engine what the names of its classes begin with
     */
    void leaveOpen(List<String> names, List<String> engine) {
        for (int i = 0; i < names.size(); i++) {
            leftOpen.put(names.get(i), engine);
        }
    }

    /** A wrapper of the program's may close all that it refers to, and so may one shared thing that is made of others (a directory over a directory). */
    @Override
    public boolean leavesOpen(Class<?> closed, Class<?> referredTo) {
        return !leftOpen.isEmpty()
            && isBelow(referredTo, name -> leftOpen.containsKey(name) && beginsWithAny(closed.getName(), leftOpen.get(name)))
            && !isBelow(closed, leftOpen::containsKey);
    }

    private static boolean beginsWithAny(String name, List<String> prefixes) {
        for (int i = 0; i < prefixes.size(); i++) {
            if (name.startsWith(prefixes.get(i))) {
                return true;
            }
        }
        return false;
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
                boolean object = !body.startsWith("P");
                String kind = body.startsWith("I") ? Hook.INSTANCE_LAMBDA : Hook.STATIC_LAMBDA;
                hooks.add(new Hook(name, kind, body.substring(1), Hook.At.ENTRY, false, "seen", Kind.LAMBDA_RUN, object ? new String[] {"0"} : NO_OPERANDS));
            }
        }
        return hooks;
    }

    /** These hooks found their method, in a class that is about to be defined or retransformed. */
    void woven(Set<Hook> matched, ClassLoader loader, boolean definition) {
        for (Hook hook : matched) {
            if (hook.kind() == Kind.LAMBDA_RUN) {
                foundLambdas.add(hook.owner() + hook.descriptor());
            } else if (hook.kind() == Kind.CLOSED) {
                foundCloses.add(hook.owner());
                if (definition) {
                    defined.computeIfAbsent(loader, key -> ConcurrentHashMap.newKeySet()).add(hook.owner());
                }
            }
        }
    }

    private void addTracked(String name, byte[] bytes, List<Hook> hooks) {
        ClassReader reader = new ClassReader(bytes);
        String above = reader.getSuperName();
        // of an interface there are no constructors: those of the classes that name it tell
        boolean itself = tracked.contains(Watched.plain(name)) || isAnyTracked(reader.getInterfaces());
        boolean below = above != null && (subclasses.contains(above) || tracked.contains(Watched.plain(above)));
        if (below) {
            subclasses.add(name);
        }
        if (itself) {
            addConstructors(name, reader, hooks);
        }
        if (itself || below) {
            closing.add(name);
        }
        // the close may be inherited: classes above are woven as they load, or by catchUp if they are loaded already
        if ((itself || closing.contains(name)) && above != null && !above.equals(OBJECT)) {
            closing.add(above);
        }
    }

    private void addConstructors(String name, ClassReader reader, List<Hook> hooks) {
        Map<String, Boolean> constructors = Unweavable.keepThis(reader);
        for (Map.Entry<String, Boolean> constructor : constructors.entrySet()) {
            if (constructor.getValue()) {
                hooks.add(new Hook(name, "<init>", constructor.getKey(), Hook.At.RETURN, false, "taken", Kind.TRACKED_CONSTRUCTED, new String[] {"this"}));
            } else {
                trouble.report("weave ".concat(name.replace('/', '.')) + "#<init>" + constructor.getKey(), new UnsupportedOperationException(Unweavable.USED_OTHERWISE),
                    "objects that this constructor makes are not tracked");
            }
        }
    }

    private boolean isAnyTracked(String[] interfaces) {
        for (String type : interfaces) {
            if (subclasses.contains(type) || tracked.contains(Watched.plain(type))) {
                return true;
            }
        }
        return false;
    }

    /** A class that is loaded already is a tracked one, or below one. */
    boolean concerns(Class<?> loaded) {
        return concerns(loaded.getName()) || !tracked.isEmpty() && isBelow(loaded, name -> tracked.contains(Watched.plain(name)));
    }

    /** Whether the class, or a type above it, has such a binary name. */
    private static boolean isBelow(Class<?> loaded, Predicate<String> names) {
        for (Class<?> type = loaded; type != null; type = type.getSuperclass()) {
            boolean found = names.test(type.getName());
            for (Class<?> implemented : found ? new Class<?>[0] : type.getInterfaces()) {
                found |= isBelow(implemented, names);
            }
            if (found) {
                return true;
            }
        }
        return false;
    }

    /** Weaves classes that were loaded before it was known that they matter. About once a second, on the worker. */
    void catchUp() {
        if (tracked.isEmpty() || closing.isEmpty()) {
            return;
        }
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (closing.contains(internal(type)) && declaring(type) == type) {
                watch(type);
            }
        }
    }

    @Override
    public boolean watch(Class<?> type) {
        Class<?> owner = owner(type);
        if (owner == null || !weavable(owner)) {
            return false;
        }
        if (wasDefinedWoven(owner) && !type.isHidden()) {
            return true;
        }
        String key = key(type);
        Map<String, Long> ofOwner = since.computeIfAbsent(owner, c -> new ConcurrentHashMap<>());
        if (!ofOwner.containsKey(key)) {
            ofOwner.putIfAbsent(key, weave(type, owner) ? System.nanoTime() : REFUSED);
        }
        return !ofOwner.get(key).equals(REFUSED);
    }

    @Override
    public boolean watchedSince(Class<?> type, long nanos) {
        Class<?> owner = owner(type);
        if (owner == null) {
            return false;
        }
        if (wasDefinedWoven(owner) && !type.isHidden()) {
            return true;
        }
        Map<String, Long> ofOwner = since.get(owner);
        Long woven = ofOwner == null ? null : ofOwner.get(key(type));
        return woven != null && !woven.equals(REFUSED) && woven - nanos <= 0;
    }

    /** Returns only after the JVM has taken the new code: from then on every close tells. */
    private boolean weave(Class<?> type, Class<?> owner) {
        if (!type.isHidden()) {
            closing.add(internal(owner));
            // the JVM may have been given nothing to take: a close too large for the hook tells nothing, and nobody may rely on it
            return retransform.test(owner) && foundCloses.contains(internal(owner));
        }
        List<String> bodies = bodies(type);
        lambdas.computeIfAbsent(internal(owner), key -> ConcurrentHashMap.newKeySet()).addAll(bodies);
        boolean taken = retransform.test(owner);
        boolean found = false;
        for (String body : bodies) {
            found |= foundLambdas.contains(internal(owner) + body.substring(1));
        }
        return taken && found;
    }

    private boolean wasDefinedWoven(Class<?> owner) {
        Set<String> names = defined.isEmpty() ? null : defined.get(owner.getClassLoader());
        return names != null && names.contains(internal(owner));
    }

    /** The class that can be woven for it. */
    private static Class<?> owner(Class<?> type) {
        return type.isHidden() ? madeBy(type) : declaring(type);
    }

    /** The class with the body of a lambda: the nest host of its hidden class may be a class further out. */
    private static Class<?> madeBy(Class<?> lambda) {
        int end = lambda.getName().indexOf("$$Lambda");
        try {
            return end < 0 ? null : Class.forName(lambda.getName().substring(0, end), false, lambda.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }

    private static String key(Class<?> type) {
        return type.isHidden() ? bodies(type).get(0) : "close";
    }

    private static String internal(Class<?> type) {
        return type.getName().replace('.', '/');
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

    /**
     * Descriptors that the body of a lambda without arguments and result can have: it takes what the lambda has captured, in the order of its fields, the
     * first of it perhaps as its receiver. Each behind a letter: S for a static body whose first variable is an object, P for
     * one whose first variable is none, I for a body that belongs to the object captured first.
     */
    private static List<String> bodies(Class<?> lambda) {
        StringBuilder all = new StringBuilder();
        StringBuilder rest = new StringBuilder();
        String letter = "P";
        int count = 0;
        for (Field field : lambda.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                String descriptor = Type.getDescriptor(field.getType());
                letter = count == 0 && !field.getType().isPrimitive() ? "S" : letter;
                all.append(descriptor);
                rest.append(count++ == 0 ? "" : descriptor);
            }
        }
        return letter.equals("S") ? List.of("S(" + all + ")V", "I(" + rest + ")V") : List.of("P(" + all + ")V");
    }

    private boolean weavable(Class<?> type) {
        return !type.isHidden() && type.getClassLoader() != null && instrumentation.isModifiableClass(type);
    }

    /** The class that has the code of its close method, or null. */
    private static Class<?> declaring(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            try {
                int modifiers = c.getDeclaredMethod("close").getModifiers();
                return Modifier.isAbstract(modifiers) || Modifier.isNative(modifiers) ? null : c;
            } catch (NoSuchMethodException | LinkageError e) {
                // it is inherited, or cannot be looked at
            }
        }
        return null;
    }
}
