package dev.ebb.bridge;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one class of Ebb on the bootstrap side: woven code calls its static methods, the recorder extends it. It is written here so that tools can read
 * it, renamed to {@code java.lang.EbbBridge} when the agent is packaged, and defined into java.base when the agent starts: so every class loader sees it.
 *
 * <p>Imports java.lang and java.util only. Every method returns at once when nobody listens, holds no lock, and throws nothing into the program but
 * what {@link #check} is there for.
 */
public abstract class EbbBridge {
    /** Loads that are open now; while it is 0, nothing that is taken needs recording. Changed by the recorder alone. */
    public static final AtomicInteger OPEN = new AtomicInteger();

    /** Threads that are inside something whose end has to be heard, though the last load may have ended meanwhile. Changed by the recorder alone. */
    public static final AtomicInteger INSIDE = new AtomicInteger();

    /** Loads whose threads were told to end; while it is 0, a checkpoint costs two reads. Changed by the recorder alone. */
    public static final AtomicInteger STOPPING = new AtomicInteger();

    private static volatile EbbBridge sink;
    private static volatile int missed;

    /** From now on woven code reaches {@code listener}; null makes it silent. */
    public static void connect(EbbBridge listener) {
        sink = listener;
    }

    /** Something was taken. Heard only while a load is open. What the arguments mean is fixed by {@code kind}. */
    public static void taken(int kind, Object a, Object b, long x, long y) {
        EbbBridge listener = sink;
        if (listener != null && OPEN.get() != 0) {
            try {
                listener.onTaken(kind, a, b, x, y);
            } catch (Throwable t) {
                trouble(listener, kind, t);
            }
        }
    }

    /** Something was given back, or happened to a future; heard always, since what a load took is often given back long after it. */
    public static void seen(int kind, Object a, Object b, long x, long y) {
        EbbBridge listener = sink;
        if (listener != null) {
            try {
                listener.onSeen(kind, a, b, x, y);
            } catch (Throwable t) {
                trouble(listener, kind, t);
            }
        }
    }

    /** Something has ended that {@link #taken} told the beginning of: heard while a load is open, or a thread inside something of that sort. */
    public static void left(int kind, Object a, Object b, long x, long y) {
        EbbBridge listener = sink;
        if (listener != null && (OPEN.get() != 0 || INSIDE.get() != 0)) {
            try {
                listener.onSeen(kind, a, b, x, y);
            } catch (Throwable t) {
                trouble(listener, kind, t);
            }
        }
    }

    /** As {@link #taken}, but heard only while threads of a load are to end. */
    public static void ending(int kind, Object a, Object b, long x, long y) {
        EbbBridge listener = sink;
        if (listener != null && STOPPING.get() != 0) {
            try {
                listener.onEnding(kind, a);
            } catch (Throwable t) {
                trouble(listener, kind, t);
            }
        }
    }

    /** As {@link #taken}; the result of a method comes first because it lies on the stack first where it is returned. */
    public static void takenResult(long x, int kind, Object a, long y) {
        taken(kind, a, null, x, y);
    }

    /** As {@link #seen}; see {@link #takenResult}. */
    public static void seenResult(long x, int kind, Object a, long y) {
        seen(kind, a, null, x, y);
    }

    /** As {@link #taken} for what lies on top of the stack. */
    public static void takenTop(Object a, int kind) {
        taken(kind, a, null, 0, 0);
    }

    /** As {@link #seen} for what lies on top of the stack. */
    public static void seenTop(Object a, int kind) {
        seen(kind, a, null, 0, 0);
    }

    /** Changes whenever an enter or exit of a watched method was missed, as it is where the stack is at its end. */
    public static int missedBoundaries() {
        return missed;
    }

    /** As {@link #wrap(int, Object, Object)} for a task whose owner does not matter. */
    public static Object wrap(int kind, Object task) {
        return wrap(kind, null, task);
    }

    /** Returns {@code task}, or what carries the load of this thread to the thread that will run it; {@code owner} is what it stands in. */
    public static Object wrap(int kind, Object owner, Object task) {
        EbbBridge listener = sink;
        if (listener != null && OPEN.get() != 0) {
            try {
                return listener.onWrap(kind, owner, task);
            } catch (Throwable t) {
                trouble(listener, kind, t);
            }
        }
        return task;
    }

    /**
     * A checkpoint: the calling thread is about to take something. Returns, unless the thread works for a load that was told to end: then it throws an error
     * that says so. The one thing that the bridge ever throws.
     */
    public static void check() {
        EbbBridge listener = sink;
        if (listener != null && STOPPING.get() != 0) {
            Error end = end(listener);
            if (end != null) {
                throw end;
            }
        }
    }

    private static Error end(EbbBridge listener) {
        try {
            return listener.onCheck();
        } catch (Throwable t) {
            trouble(listener, 0, t);
            return null;
        }
    }

    /** A watched method was entered. {@code arguments} is null unless the pattern needs them. */
    public static void entered(int site, Object receiver, Object[] arguments) {
        EbbBridge listener = sink;
        if (listener != null) {
            try {
                listener.onEntered(site, receiver, arguments);
            } catch (Throwable t) {
                // no call here: there may be no stack for one
                missed = missed + 1;
                boundaryTrouble(listener, t);
            }
        }
    }

    /** A watched method was left: by a return with {@code result} (null for void and primitives), or by {@code thrown}. */
    public static void left(int site, Object result, Throwable thrown) {
        EbbBridge listener = sink;
        if (listener != null) {
            try {
                listener.onLeft(site, result, thrown);
            } catch (Throwable t) {
                // no call here: there may be no stack for one
                missed = missed + 1;
                boundaryTrouble(listener, t);
            }
        }
    }

    /** Nothing may leave a hook: in {@code Deallocator.run} the JDK answers whatever is thrown with System.exit. */
    private static void trouble(EbbBridge listener, int kind, Throwable t) {
        try {
            listener.onTrouble(kind, t);
        } catch (Throwable outOfMemory) {
            // counted nowhere; the next one may be
        }
    }

    private static void boundaryTrouble(EbbBridge listener, Throwable t) {
        try {
            listener.onBoundaryTrouble(t);
        } catch (Throwable outOfMemory) {
            // counted nowhere; the next one may be
        }
    }

    protected abstract void onTaken(int kind, Object a, Object b, long x, long y);

    protected abstract void onEnding(int kind, Object a);

    protected abstract void onSeen(int kind, Object a, Object b, long x, long y);

    protected abstract Object onWrap(int kind, Object owner, Object task);

    protected abstract void onEntered(int site, Object receiver, Object[] arguments);

    protected abstract void onLeft(int site, Object result, Throwable thrown);

    /** What the calling thread has to throw at this checkpoint, or null. */
    protected abstract Error onCheck();

    /** Must not throw. */
    protected abstract void onTrouble(int kind, Throwable trouble);

    /** An enter or exit of a watched method was missed, so that nobody knows any more which threads are inside a load. Must not throw. */
    protected abstract void onBoundaryTrouble(Throwable trouble);
}
