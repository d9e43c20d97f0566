package dev.ebb.record;

import java.util.Iterator;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The classes on the calling thread's stack, without their methods: finding out the method of each frame is most of what a {@link StackWalker} costs, and hardly anybody needs it. Thread-safe.
 */
abstract class StackClasses {
    /** As the JDK can: without methods since 22, by the list of a security manager's before. */
    static StackClasses ofThisJdk() {
        try {
            return new WithoutMethods(StackWalker.Option.valueOf("DROP_METHOD_INFO"));
        } catch (IllegalArgumentException e) {
            return new Listed();
        }
    }

    /** Whether there is such a class among the first {@code frames} of them, Ebb's own included. Where it cannot be told there may be one. */
    abstract boolean mayHave(Predicate<Class<?>> wanted, int frames);

    private static final class WithoutMethods extends StackClasses {
        /** Fetched at once: the stack of a pool's thread, as a rule. */
        private static final int FETCHED = 32;

        private final StackWalker walker;

        WithoutMethods(StackWalker.Option withoutMethods) {
            walker = StackWalker.getInstance(Set.of(withoutMethods, StackWalker.Option.RETAIN_CLASS_REFERENCE), FETCHED);
        }

        @Override
        boolean mayHave(Predicate<Class<?>> wanted, int frames) {
            return walker.walk(new Look(wanted, frames));
        }
    }

    /** A class and no lambda, so that the first load of a program does not link one. */
    private static final class Look implements Function<Stream<StackWalker.StackFrame>, Boolean> {
        private final Predicate<Class<?>> wanted;
        private final int most;

        Look(Predicate<Class<?>> wanted, int most) {
            this.wanted = wanted;
            this.most = most;
        }

        @Override
        public Boolean apply(Stream<StackWalker.StackFrame> frames) {
            Iterator<StackWalker.StackFrame> iterator = frames.iterator();
            for (int i = 0; i < most && iterator.hasNext(); i++) {
                if (wanted.test(iterator.next().getDeclaringClass())) {
                    return true;
                }
            }
            return false;
        }
    }

    private static final class Listed extends StackClasses {
        private final Context context = context();

        /** Null where the program's own security manager, which is asked, does not let anybody make another one, however it says so. */
        private static Context context() {
            try {
                return new Context();
            } catch (RuntimeException e) {
                return null;
            }
        }

        @Override
        boolean mayHave(Predicate<Class<?>> wanted, int frames) {
            if (context == null) {
                return true;
            }
            Class<?>[] classes = context.classes();
            for (int i = 0; i < frames && i < classes.length; i++) {
                if (wanted.test(classes[i])) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Manages nothing: it is made for its one method. */
    @SuppressWarnings("removal") // not removed from any JDK that comes here
    private static final class Context extends SecurityManager {
        Class<?>[] classes() {
            return getClassContext();
        }
    }
}
