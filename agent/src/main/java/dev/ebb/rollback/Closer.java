package dev.ebb.rollback;

import dev.ebb.load.CloseMethod;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/** Calls the method that {@code ebb.close} names, or the close of a tracked object. */
final class Closer {
    private static final CloseMethod CLOSE = new CloseMethod("close", false, new int[0], false);

    private Closer() { }

    /** @param object of a tracked class: AutoCloseable, or with a close of its own */
    static void close(Object object) throws Exception {
        if (object instanceof AutoCloseable) {
            ((AutoCloseable) object).close();
        } else {
            call(CLOSE, object, new Object[0]);
        }
    }

    /** @param target the result, or the receiver of the load; @param arguments of the load, as the rule picks them */
    static void call(CloseMethod close, Object target, Object[] arguments) throws Exception {
        if (target == null) {
            throw new IllegalStateException(close.onReceiver() ? "the object whose method loaded is gone" : "the result is gone");
        }
        Method method = find(target.getClass(), close.method(), arguments);
        if (method == null) {
            throw new NoSuchMethodException(target.getClass().getName() + '#' + close.method() + " with " + arguments.length
                + " fitting arguments; correct ebb.close");
        }
        try {
            method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
        }
    }

    private static Method find(Class<?> type, String name, Object[] arguments) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                if (method.getName().equals(name) && fits(method.getParameterTypes(), arguments) && open(method)) {
                    return method;
                }
            }
            for (Class<?> implemented : c.getInterfaces()) {
                Method method = find(implemented, name, arguments);
                if (method != null) {
                    return method;
                }
            }
        }
        return null;
    }

    private static boolean open(Method method) {
        return !Modifier.isAbstract(method.getModifiers()) && method.trySetAccessible();
    }

    private static boolean fits(Class<?>[] types, Object[] arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!fits(types[i], arguments[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(Class<?> type, Object argument) {
        if (argument == null) {
            return !type.isPrimitive();
        }
        return type.isInstance(argument) || type.isPrimitive() && wrapper(type).isInstance(argument);
    }

    private static Class<?> wrapper(Class<?> primitive) {
        return java.lang.invoke.MethodType.methodType(primitive).wrap().returnType();
    }
}
