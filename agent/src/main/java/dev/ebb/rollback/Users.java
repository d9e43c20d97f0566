package dev.ebb.rollback;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Threads that are inside the code of what is about to be closed. Compiled code lets go of an object once its native handle is loaded: then the garbage
 * collector hands the object over while a native call still uses the handle. So before a close by proof no thread may be in a method of its class.
 * Virtual threads are not seen: the JVM does not list them.
 */
final class Users {
    private final Map<String, Class<?>> classes = new HashMap<>();

    /** @param type of the program's; classes of the JDK and hidden ones are left out */
    void add(Class<?> type) {
        for (Class<?> c = type; c != null && c.getClassLoader() != null && !c.isHidden(); c = c.getSuperclass()) {
            classes.put(c.getName(), c);
        }
    }

    /** The threads in a native or instance method of one of the classes. Takes milliseconds; stops the JVM for less. */
    Set<Thread> inside() {
        Set<Thread> inside = new HashSet<>();
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            // what Ebb closes for another load was proven by itself
            if (!entry.getKey().getName().startsWith("ebb-") && isInside(entry.getValue())) {
                inside.add(entry.getKey());
            }
        }
        return inside;
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
