package dev.ebb.record;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a frame of a class says of who takes something above it. Found out once for each class and kept by the class itself, so that no class is kept by it. Thread-safe.
 */
final class FrameTypes implements Predicate<Class<?>> {
    private static final String[] ALWAYS = {
        "java.lang.ClassLoader", "jdk.internal.loader.", "java.net.URLClassLoader", "java.util.ServiceLoader",
        // the linking of calls, not the calls themselves
        "java.lang.invoke.MethodHandleNatives", "java.lang.invoke.BootstrapMethodInvoker", "java.lang.invoke.CallSite",
        "java.lang.invoke.LambdaMetafactory", "java.lang.invoke.InnerClassLambdaMetafactory", "java.lang.invoke.StringConcatFactory",
        // the JDK shares open archives between all who ask for the same file
        "java.util.zip.", "java.util.jar.", "sun.net.www.", "jdk.nio.zipfs.",
        "java.util.logging.", "sun.util.logging.", "java.lang.System$Logger", "org.slf4j.", "ch.qos.logback.", "org.apache.logging.log4j.",
        "org.apache.commons.logging.", "org.jboss.logmanager.", "org.tinylog.", "java.security.Provider", "java.security.Security", "java.security.SecureRandom", "java.security.KeyStore",
        "java.security.MessageDigest", "java.security.Signature", "sun.security.", "javax.crypto.", "java.util.ResourceBundle", "sun.util.resources.",
        // threads that the JDK starts for everybody when somebody needs them first
        "java.util.concurrent.CompletableFuture$Delayer", "java.lang.ref.Cleaner", "jdk.internal.ref.",
        "jdk.jfr.", "jdk.internal.jimage.", "jdk.internal.jrtfs.", "jdk.internal.module.", "jdk.internal.logger.",
        "java.lang.ProcessHandleImpl", "java.lang.ProcessImpl", "sun.rmi.", "jdk.internal.net.http.",
    };
    /** Supertypes of loggers and security providers that the program has made itself. */
    private static final String[] SUPERTYPES = {"java.lang.System$Logger", "java.lang.System$LoggerFinder", "java.util.logging.Handler", "java.security.Provider"};

    private static final String TASK = Task.class.getName();
    private static final String STAGE = Stage.class.getName();
    private static final String PAIR_STAGE = PairStage.class.getName();

    private final String[] prefixes;
    private final Function<Class<?>, MethodHandles.Lookup> lookups;
    private final ClassValue<Type> types = new ClassValue<>() {
        @Override
        protected Type computeValue(Class<?> type) {
            return new Type(FrameTypes.this, type);
        }
    };
    /** Of jdk.internal.misc.Unsafe: whether a class is not, or not yet fully, initialised; null until {@link #warmUp}, or if the JDK has none. */
    private volatile MethodHandle shouldBeInitialized;

    /** @param ignored prefixes of binary class names; @param lookups private access to the package of a class of the JDK's */
    FrameTypes(List<String> ignored, Function<Class<?>, MethodHandles.Lookup> lookups) {
        this.lookups = lookups;
        prefixes = new String[ALWAYS.length + ignored.size()];
        System.arraycopy(ALWAYS, 0, prefixes, 0, ALWAYS.length);
        for (int i = 0; i < ignored.size(); i++) {
            prefixes[ALWAYS.length + i] = ignored.get(i);
        }
    }

    /** Finds what {@link #isInitialising} asks; takes a millisecond. */
    void warmUp() {
        try {
            Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
            MethodHandles.Lookup lookup = lookups.apply(unsafe);
            MethodHandle found = lookup.findVirtual(unsafe, "shouldBeInitialized", MethodType.methodType(boolean.class, Class.class));
            Object instance = lookup.findStatic(unsafe, "getUnsafe", MethodType.methodType(unsafe)).asType(MethodType.methodType(Object.class)).invokeExact();
            shouldBeInitialized = found.bindTo(instance);
        } catch (Throwable e) {
            // each frame's method is asked for its name
            shouldBeInitialized = null;
        }
    }

    Type of(Class<?> type) {
        return types.get(type);
    }

    boolean isIgnored(String type) {
        for (int i = 0; i < prefixes.length; i++) {
            if (type.startsWith(prefixes[i])) {
                return true;
            }
        }
        return false;
    }

    static boolean isTask(String type) {
        return type.equals(TASK) || type.equals(STAGE) || type.equals(PAIR_STAGE);
    }

    /** Whether a frame of that class, by some method of it, may make the program's own what is taken above it. */
    @Override
    public boolean test(Class<?> frame) {
        Type type = types.get(frame);
        return type.ignored || type.loader || isInitialising(type, frame);
    }

    /** Whether the frame is that of a static initialiser. */
    boolean isInitialising(Type type, StackWalker.StackFrame frame) {
        return isInitialising(type, frame.getDeclaringClass()) && frame.getMethodName().equals("<clinit>");
    }

    private boolean isInitialising(Type type, Class<?> frame) {
        if (!type.initialised) {
            // once it is, it never will be again
            type.initialised = !isYetToBeInitialised(frame);
        }
        return !type.initialised;
    }

    private boolean isYetToBeInitialised(Class<?> type) {
        MethodHandle handle = shouldBeInitialized;
        try {
            return handle == null || (boolean) handle.invokeExact(type);
        } catch (Throwable e) {
            return true;
        }
    }

    /** Says of one class what it is; knows it not, since it is kept by it. */
    static final class Type {
        private final boolean ignored;
        private final boolean task;
        private final boolean helps;
        private final boolean loader;
        /** Fully; only ever set. */
        private boolean initialised;

        Type(FrameTypes all, Class<?> type) {
            String name = type.getName();
            ignored = all.isIgnored(name) || hasSupertype(type);
            task = FrameTypes.isTask(name);
            helps = name.equals("java.util.concurrent.ForkJoinTask") || name.equals("java.util.concurrent.ForkJoinPool");
            loader = ClassLoader.class.isAssignableFrom(type);
        }

        private static boolean hasSupertype(Class<?> type) {
            for (Class<?> above = type; above != null; above = above.getSuperclass()) {
                if (isLogger(above)) {
                    return true;
                }
            }
            return false;
        }

        /** By name, so that nothing is loaded for it; what is above a loaded class is loaded as well. */
        private static boolean isLogger(Class<?> type) {
            for (int i = 0; i < SUPERTYPES.length; i++) {
                if (type.getName().equals(SUPERTYPES[i])) {
                    return true;
                }
            }
            Class<?>[] interfaces = type.getInterfaces();
            for (int i = 0; i < interfaces.length; i++) {
                if (isLogger(interfaces[i])) {
                    return true;
                }
            }
            return false;
        }

        boolean isIgnored() {
            return ignored;
        }

        /** Whether a class is being loaded. */
        boolean isLoading(StackWalker.StackFrame frame) {
            return loader && (frame.getMethodName().equals("loadClass") || frame.getMethodName().equals("findClass"));
        }

        /** As {@link Ownership#beginsWork}. */
        boolean beginsWork(StackWalker.StackFrame frame) {
            return task || helps && Ownership.beginsWork(frame.getClassName(), frame.getMethodName());
        }
    }
}
