package dev.ebb.record;

import dev.ebb.load.Load;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Tells what the program takes for itself while a load goes on from what the load takes: under a static initialiser, a class loader, a logging or security
 * provider, or a frame that {@code ebb.ignore} names, it belongs to the program, even if a load triggered it. Closing it would break the program for good.
 *
 * <p>Decided by a look at the classes on the stack, some 50 nanoseconds a frame, and only if there is one among them that may make it the program's own, by a walk that knows their methods too,
 * which takes five times as long: for things that are taken rarely, as channels, files that are written, arenas, threads. What may be taken by the million is
 * looked at only where something speaks for it: see {@link #isBlockTheProgramsOwn}. Thread-safe.
 */
final class Ownership {
    /** After each so many bytes of a thread the stack is looked at: to take and fill them costs thirty times as much as the look, and more. */
    private static final long LOOKED_AT_EVERY_BYTES = 1 << 20;
    /** With each so many streams as well: to open one costs twice as much as the look. */
    private static final int LOOKED_AT_EVERY_STREAMS = 16;
    /** Frames that are looked at; a stack that is deeper between the load and what it takes is a recursion. */
    private static final int FRAMES = 256;

    /** Where most walks end; more is fetched for those that go on. */
    private static final int FETCHED_AT_ONCE = 16;

    private final StackWalker walker = StackWalker.getInstance(Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE), FETCHED_AT_ONCE);
    private final StackClasses classes = StackClasses.ofThisJdk();
    private final FrameTypes types;
    private volatile boolean warm;

    Ownership(FrameTypes types) {
        this.types = types;
    }

    /** Whether what the calling thread takes now is the program's own. Frames below the load's own method do not count: it may itself run in an initialiser. */
    boolean isTheProgramsOwn(Load load) {
        return classes.mayHave(types, FRAMES) && walker.walk(new Decision(load.site().method()));
    }

    /**
     * As {@link #isTheProgramsOwn}, for direct buffers, mappings, Unsafe memory and segments of foreign memory: the stack is looked at for the first few blocks of a load
     * ({@link Load#FIRST_BLOCKS}), with the block that makes it 1 MiB since it was last looked at, for each block after one that was the program's own, and whenever a class was
     * initialised, in any thread. So what an initialiser takes is always found out, and what a logger or the like takes when it is made: that initialises classes. Of what one takes
     * later, in small blocks, up to 1 MiB is charged to the load before it is found out.
     */
    boolean isBlockTheProgramsOwn(Slot slot, long bytes) {
        long inits = ClassInits.count();
        slot.unlookedBytes += bytes;
        if (slot.initsSeen == inits && slot.unlookedBytes < LOOKED_AT_EVERY_BYTES && !slot.load.isAmongTheFirstBlocks()) {
            return false;
        }
        boolean own = isTheProgramsOwn(slot.load);
        slot.unlookedBytes = 0;
        slot.initsSeen = own ? -1 : inits;
        return own;
    }

    /** By the same rule, for a file that is opened to be read from its beginning, as configurations are: whoever opens it closes it soon, and nobody else has it. */
    boolean isStreamTheProgramsOwn(Slot slot) {
        return isBlockTheProgramsOwn(slot, LOOKED_AT_EVERY_BYTES / LOOKED_AT_EVERY_STREAMS);
    }

    /**
     * Has all that {@link #isInside} needs loaded, which takes some milliseconds, once: near the end of the stack nothing may be loaded for the first time, since
     * a class that fails to initialize there is lost for good. Called where a first load begins.
     */
    void warmUp() {
        if (!warm) {
            walker.walk(new Search("", ""));
            ClassInits.count();
            types.warmUp();
            classes.mayHave(types, FRAMES);
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

    /** A class and no lambda, so that the first load of a program does not link one. Names of methods are asked for where they matter only: each takes some 200 ns to find out. */
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
                FrameTypes.Type type = types.of(frame.getDeclaringClass());
                if (isTheProgramsOwn(type, frame)) {
                    return true;
                }
                if (type.beginsWork(frame) || loadMethod.startsWith(frame.getClassName()) && isMethod(frame.getClassName(), frame.getMethodName(), loadMethod)) {
                    return false;
                }
            }
            return false;
        }

        private boolean isTheProgramsOwn(FrameTypes.Type type, StackWalker.StackFrame frame) {
            return type.isIgnored() || types.isInitialising(type, frame) || type.isLoading(frame);
        }
    }

    static boolean isMethod(String type, String method, String classAndMethod) {
        return classAndMethod.length() == type.length() + 1 + method.length() && classAndMethod.startsWith(type) && classAndMethod.endsWith(method);
    }

    /** Where a task of the load begins: what is below it on the stack is whatever the thread did before. */
    static boolean beginsWork(String type, String method) {
        return FrameTypes.isTask(type) || method.equals("awaitDone") && type.equals("java.util.concurrent.ForkJoinTask")
            || method.startsWith("help") && type.equals("java.util.concurrent.ForkJoinPool");
    }

    /** Whether what goes on above this frame is the program's own. */
    boolean isIgnored(String type, String method) {
        return method.equals("<clinit>") || method.equals("loadClass") || method.equals("findClass") || types.isIgnored(type);
    }
}
