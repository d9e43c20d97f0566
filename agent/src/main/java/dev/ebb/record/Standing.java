package dev.ebb.record;

import dev.ebb.bridge.EbbBridge;

/**
 * Whether a thread that works for a load may be ended where it stands: told frame by frame what is on its stack, from the top. Not under a static
 * initialiser or a class loader, which would be broken for the whole JVM; not in what the load triggers for the program on the way; not inside Ebb; and not in
 * a task that is none of the load's. Used by one thread.
 */
final class Standing {
    /** A deeper stack is not looked through, and so not touched. */
    static final int FRAMES = 20_000;

    private static final String BRIDGE = EbbBridge.class.getName();
    private static final String EBB = "dev.ebb.";

    private final Ownership ownership;
    private final String loadMethod;
    private final boolean inTask;
    private boolean inLoad;
    private boolean caught;
    private String refusal;
    private int frames;

    /** @param loadMethod {@code Class#method} of the load; @param inTask the innermost that the thread does is a task of the load, though nothing on its stack may show that */
    Standing(Ownership ownership, String loadMethod, boolean inTask) {
        this.ownership = ownership;
        this.loadMethod = loadMethod;
        this.inTask = inTask;
    }

    /** @return false when the frames below do not matter any more */
    boolean frame(String type, String method) {
        if (++frames > FRAMES) {
            refusal = inLoad ? refusal : "more than " + FRAMES + " frames deep";
            return false;
        }
        if (inLoad) {
            caught = catchesAll(type, method);
            return !caught;
        }
        refusal = refuse(type, method);
        return refusal == null;
    }

    /** Why the thread has to be left alone; null if it may be ended. To be asked when no frame is left, or none matters. */
    String refusal() {
        return refusal;
    }

    /** Whether a frame of the JDK's below the load turns whatever is thrown into the outcome of a future. */
    boolean isCaught() {
        return caught;
    }

    private String refuse(String type, String method) {
        if (Ownership.isMethod(type, method, loadMethod) || Ownership.beginsWork(type, method)) {
            inLoad = true;
        } else if (type.startsWith(EBB) || type.equals(BRIDGE)) {
            return "inside Ebb";
        } else if (ownership.isIgnored(type, method) || isSharedByAll(type, method)) {
            return "in " + type + '.' + method;
        } else if (isPool(type, method)) {
            inLoad = inTask;
            return inTask ? null : "in no task of the load";
        }
        return null;
    }

    /** What the JDK keeps for later callers: NIO's buffers of each thread, the linking of native calls. */
    private static boolean isSharedByAll(String type, String method) {
        return type.equals("sun.nio.ch.Util") && method.startsWith("getTemporary") || type.startsWith("jdk.internal.foreign.abi.");
    }

    private static boolean isPool(String type, String method) {
        return method.equals("runWorker") && (type.equals("java.util.concurrent.ThreadPoolExecutor") || type.equals("java.util.concurrent.ForkJoinPool"));
    }

    private static boolean catchesAll(String type, String method) {
        return type.startsWith("java.util.concurrent.CompletableFuture") || method.startsWith("run") && type.equals("java.util.concurrent.FutureTask")
            || method.equals("doExec") && type.equals("java.util.concurrent.ForkJoinTask") || method.equals("invoke") && type.equals("java.lang.reflect.Method");
    }
}
