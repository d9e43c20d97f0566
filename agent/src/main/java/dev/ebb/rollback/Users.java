package dev.ebb.rollback;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Threads that are inside the code of what is about to be closed. Compiled code lets go of an object once its native handle is loaded: then the garbage
 * collector hands the object over while a native call still uses the handle. So a close by proof waits until each thread that was in a method of its class
 * has been seen outside once. Threads that come in later cannot have the object, which nobody reaches any more: others of its class may be as busy as they
 * like. Virtual threads are not seen: the JVM does not list them. Used by the worker alone.
 */
final class Users {
    /** Who is inside nearly all the time is seen outside by looking often. */
    private static final int LOOKS_AT_ONCE = 3;
    private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Predicate<Thread> isCloser;
    private final Map<String, Class<?>> classes = new HashMap<>();
    private int looks;
    /** Null before the first look. */
    private List<Thread> inside;

    /** @param isCloser whether the thread is one of those by which Ebb closes */
    Users(Predicate<Thread> isCloser) {
        this.isCloser = isCloser;
    }

    /** To be called before the first look, after the object was handed over. @param type of the program's; classes of the JDK and hidden ones are left out */
    void add(Class<?> type) {
        for (Class<?> c = type; c != null && c.getClassLoader() != null && !c.isHidden(); c = c.getSuperclass()) {
            classes.put(c.getName(), c);
        }
    }

    /** Whether it was looked for threads in these very classes. */
    boolean areOf(Users other) {
        return classes.equals(other.classes);
    }

    /**
     * A thread that was in a native or instance method of one of the classes at the first look and at every one since, described; null if there is none. The
     * first look stops the JVM for milliseconds, the others only these threads.
     */
    String find() {
        if (inside == null) {
            inside = classes.isEmpty() ? new ArrayList<>() : insideNow();
        } else {
            for (int i = 0; i < LOOKS_AT_ONCE && !inside.isEmpty(); i++) {
                if (i > 0) {
                    LockSupport.parkNanos(APART_NANOS);
                }
                inside.removeIf(thread -> !isInside(thread.getStackTrace()));
            }
            looks++;
        }
        return inside.isEmpty() ? null : Holders.describe(inside.get(0));
    }

    /** How often {@link #find} has looked again. */
    int looks() {
        return looks;
    }

    private List<Thread> insideNow() {
        List<Thread> threads = new ArrayList<>();
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            // a close of Ebb's that hangs is one of another object
            if (!isCloser.test(entry.getKey()) && isInside(entry.getValue())) {
                threads.add(entry.getKey());
            }
        }
        return threads;
    }

    private boolean isInside(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            Class<?> type = classes.get(frame.getClassName());
            if (type != null && worksOnObject(type, frame.getMethodName())) {
                return true;
            }
        }
        return false;
    }

    private static boolean worksOnObject(Class<?> type, String name) {
        if (name.startsWith("<")) {
            return name.equals("<init>");
        }
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name) && (!Modifier.isStatic(method.getModifiers()) || Modifier.isNative(method.getModifiers()))) {
                return true;
            }
        }
        return false;
    }
}
