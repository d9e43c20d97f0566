package dev.ebb.record;

import dev.ebb.load.Load;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Tells what the program takes for itself while a load goes on from what the load takes: under a static initialiser, a class loader, a logging or security
 * provider, or a frame that {@code ebb.ignore} names, it belongs to the program, even if a load triggered it. Closing it would break the program for good.
 *
 * <p>Decided by one walk of the stack, 2 to 4 microseconds, for things that are taken rarely: files, arenas, threads. Thread-safe.
 */
final class Ownership {
    private static final String[] ALWAYS = {
        "java.lang.ClassLoader", "jdk.internal.loader.", "java.net.URLClassLoader", "java.util.ServiceLoader",
        // the linking of calls, not the calls themselves
        "java.lang.invoke.MethodHandleNatives", "java.lang.invoke.BootstrapMethodInvoker", "java.lang.invoke.CallSite",
        "java.lang.invoke.LambdaMetafactory", "java.lang.invoke.InnerClassLambdaMetafactory", "java.lang.invoke.StringConcatFactory",
        // the JDK shares open archives between all who ask for the same file
        "java.util.zip.", "java.util.jar.", "sun.net.www.", "jdk.nio.zipfs.",
        "java.util.logging.", "sun.util.logging.", "java.lang.System$Logger", "org.slf4j.", "ch.qos.logback.", "org.apache.logging.log4j.",
        "org.apache.commons.logging.", "java.security.Provider", "java.security.Security", "java.security.SecureRandom", "java.security.KeyStore",
        "java.security.MessageDigest", "java.security.Signature", "sun.security.", "javax.crypto.", "java.util.ResourceBundle", "sun.util.resources.",
        // threads that the JDK starts for everybody when somebody needs them first
        "java.util.concurrent.CompletableFuture$Delayer", "java.lang.ref.Cleaner", "jdk.internal.ref.",
        "jdk.jfr.", "jdk.internal.jimage.", "jdk.internal.jrtfs.", "jdk.internal.module.", "jdk.internal.logger.",
        "java.lang.ProcessHandleImpl", "java.lang.ProcessImpl", "jdk.internal.net.http.",
    };
    /** Frames that are looked at; a stack that is deeper between the load and what it takes is a recursion. */
    private static final int FRAMES = 256;

    private static final String TASK = Task.class.getName();
    private static final String STAGE = Stage.class.getName();
    private static final String PAIR_STAGE = PairStage.class.getName();

    private final StackWalker walker = StackWalker.getInstance();
    private final String[] prefixes;
    private volatile boolean warm;

    /** @param ignored prefixes of binary class names */
    Ownership(List<String> ignored) {
        prefixes = new String[ALWAYS.length + ignored.size()];
        System.arraycopy(ALWAYS, 0, prefixes, 0, ALWAYS.length);
        for (int i = 0; i < ignored.size(); i++) {
            prefixes[ALWAYS.length + i] = ignored.get(i);
        }
    }

    /** Whether what the calling thread takes now is the program's own. Frames below the load's own method do not count: it may itself run in an initialiser. */
    boolean isTheProgramsOwn(Load load) {
        return walker.walk(new Decision(load.site().method()));
    }

    /**
     * Has all that {@link #isInside} needs loaded, which takes some milliseconds, once: near the end of the stack nothing may be loaded for the first time, since
     * a class that fails to initialize there is lost for good. Called where a first load begins.
     */
    void warmUp() {
        if (!warm) {
            walker.walk(new Search("", ""));
            warm = true;
        }
    }

    /**
     * Whether the calling thread is still in the method of the load that it is said to be in. Looks no further down than it has to: a method that has called
     * itself is found in the next frame.
     *
     * @param atHand the watched method that is being entered or left, whose own frame does not count; null if there is none
     */
    boolean isInside(Load load, String atHand) {
        try {
            return walker.walk(new Search(load.site().method(), atHand));
        } catch (VirtualMachineError e) {
            // no stack for it, and so far inside; the next one that has is asked again
            return true;
        }
    }

    private static final class Search implements Function<Stream<StackWalker.StackFrame>, Boolean> {
        private final String loadMethod;
        private final String atHand;

        Search(String loadMethod, String atHand) {
            this.loadMethod = loadMethod;
            this.atHand = atHand;
        }

        @Override
        public Boolean apply(Stream<StackWalker.StackFrame> frames) {
            int wanted = atHand == null ? 1 : 2;
            Iterator<StackWalker.StackFrame> iterator = frames.iterator();
            while (wanted > 0 && iterator.hasNext()) {
                StackWalker.StackFrame frame = iterator.next();
                String type = frame.getClassName();
                String method = frame.getMethodName();
                if (isMethod(type, method, loadMethod) || atHand != null && isMethod(type, method, atHand)) {
                    wanted--;
                }
            }
            return wanted == 0;
        }
    }

    /** A class and no lambda, so that the first load of a program does not link one. */
    private final class Decision implements Function<Stream<StackWalker.StackFrame>, Boolean> {
        private final String loadMethod;

        Decision(String loadMethod) {
            this.loadMethod = loadMethod;
        }

        @Override
        public Boolean apply(Stream<StackWalker.StackFrame> frames) {
            Iterator<StackWalker.StackFrame> iterator = frames.iterator();
            for (int i = 0; i < FRAMES && iterator.hasNext(); i++) {
                StackWalker.StackFrame frame = iterator.next();
                String type = frame.getClassName();
                String method = frame.getMethodName();
                if (isIgnored(type, method)) {
                    return true;
                }
                if (isMethod(type, method, loadMethod) || beginsWork(type, method)) {
                    return false;
                }
            }
            return false;
        }

    }

    static boolean isMethod(String type, String method, String classAndMethod) {
        return classAndMethod.length() == type.length() + 1 + method.length() && classAndMethod.startsWith(type) && classAndMethod.endsWith(method);
    }

    /** Where a task of the load begins: what is below it on the stack is whatever the thread did before. */
    static boolean beginsWork(String type, String method) {
        return type.equals(TASK) || type.equals(STAGE) || type.equals(PAIR_STAGE) || method.equals("awaitDone") && type.equals("java.util.concurrent.ForkJoinTask")
            || method.startsWith("help") && type.equals("java.util.concurrent.ForkJoinPool");
    }

    /** Whether what goes on above this frame is the program's own. */
    boolean isIgnored(String type, String method) {
        if (method.equals("<clinit>") || method.equals("loadClass") || method.equals("findClass")) {
            return true;
        }
        for (int i = 0; i < prefixes.length; i++) {
            if (type.startsWith(prefixes[i])) {
                return true;
            }
        }
        return false;
    }
}
