package dev.ebb.weave;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Private access to packages of java.base, got by {@code Instrumentation.redefineModule} alone: no flag, no warning. The packages are opened to a module
 * that holds {@link Opener} and nothing else, so the program cannot reflect on more with Ebb than without it. Thread-safe.
 */
public final class Openings implements Function<Class<?>, MethodHandles.Lookup> {
    private final Instrumentation instrumentation;
    private final Module module;
    private final Function<Class<?>, MethodHandles.Lookup> opener;
    private final Predicate<Field> accessor;

    /** @throws ReflectiveOperationException if this JVM refuses */
    @SuppressWarnings("unchecked")
    public Openings(Instrumentation instrumentation) throws ReflectiveOperationException, IOException {
        this.instrumentation = instrumentation;
        Class<?> type = new Isolated(classBytes(Opener.class)).define();
        module = type.getModule();
        Object instance = type.getConstructor().newInstance();
        opener = (Function<Class<?>, MethodHandles.Lookup>) instance;
        accessor = (Predicate<Field>) instance;
    }

    /** As {@link #into}. */
    @Override
    public MethodHandles.Lookup apply(Class<?> type) {
        return into(type);
    }

    /** Private access to the package of {@code type}, which is opened for it. */
    public MethodHandles.Lookup into(Class<?> type) {
        open(type.getModule(), type.getPackageName());
        return opener.apply(type);
    }

    /** Makes a private field readable by reflection, through the opener's module alone. @return false if the JVM refuses */
    boolean makeAccessible(Field field) {
        Class<?> type = field.getDeclaringClass();
        Module theirs = type.getModule();
        if (!theirs.isOpen(type.getPackageName(), module)) {
            open(theirs, type.getPackageName());
        }
        return accessor.test(field);
    }

    /** All loaded classes, hidden and array classes aside. */
    List<Class<?>> classes() {
        List<Class<?>> classes = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (!type.isHidden() && !type.isArray()) {
                classes.add(type);
            }
        }
        return classes;
    }

    private void open(Module theirs, String packageName) {
        Map<String, Set<Module>> opens = new HashMap<>();
        opens.put(packageName, Set.of(module));
        instrumentation.redefineModule(theirs, Set.of(), Map.of(), opens, Set.of(), Map.of());
    }

    /** The class file of one of Ebb's own classes. */
    static byte[] classBytes(Class<?> type) throws IOException {
        return classBytes(type.getName());
    }

    static byte[] classBytes(String name) throws IOException {
        String resource = name.replace('.', '/').concat(".class");
        ClassLoader loader = Openings.class.getClassLoader();
        try (InputStream in = loader == null ? ClassLoader.getSystemResourceAsStream(resource) : loader.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource.concat(" is missing from the agent jar"));
            }
            return in.readAllBytes();
        }
    }

    private static final class Isolated extends ClassLoader {
        private final byte[] bytes;

        Isolated(byte[] bytes) {
            super(null);
            this.bytes = bytes;
        }

        Class<?> define() {
            return defineClass(null, bytes, 0, bytes.length);
        }
    }
}
