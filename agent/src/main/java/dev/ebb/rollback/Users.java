package dev.ebb.rollback;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;

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

    /** A thread in a native or instance method of one of the classes, described; null if there is none. Takes milliseconds; stops the JVM for less. */
    String find() {
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            for (StackTraceElement frame : entry.getValue()) {
                Class<?> type = classes.get(frame.getClassName());
                if (type != null && worksOnObject(type, frame.getMethodName())) {
                    return Holders.describe(entry.getKey());
                }
            }
        }
        return null;
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
