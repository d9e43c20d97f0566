package dev.ebb.rollback;

import dev.ebb.load.CloseMethod;
import dev.ebb.load.LateResult;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Memory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Calls the program's own close methods, one at a time, on a thread made for it: a close that hangs must not stop the worker. What it throws is the
 * program's and ends here as text.
 */
final class Closer {
    private final long limitNanos;
    private final LoadRegistry registry;
    private final Memory memory;
    private final Consumer<Object> sessionCloser;

    /**
     * @param limitNanos how long one close may take before it is left alone
     * @param sessionCloser closes a session of foreign memory; throws what the session throws
     */
    Closer(long limitNanos, LoadRegistry registry, Memory memory, Consumer<Object> sessionCloser) {
        this.limitNanos = limitNanos;
        this.registry = registry;
        this.memory = memory;
        this.sessionCloser = sessionCloser;
    }

    /** @return null if it was closed, else what went wrong */
    String closeResult(Object result, LateResult late, CloseMethod method) {
        return bounded(result == null ? "load" : result.getClass().getName(), result, () -> {
            if (method == null) {
                ((AutoCloseable) result).close();
            } else {
                call(method, result, late);
            }
        });
    }

    /** @param what it is, for the log */
    String close(AutoCloseable object, String what) {
        return bounded(what, object, object::close);
    }

    String closeSession(Object session, String what) {
        return bounded(what, session, () -> sessionCloser.accept(session));
    }

    private interface Action {
        void run() throws Exception;
    }

    private String bounded(String what, Object target, Action action) {
        String[] trouble = {null};
        CountDownLatch done = new CountDownLatch(1);
        Thread thread = new Thread(null, () -> {
            registry.ignoreThisThread();
            try {
                action.run();
            } catch (Throwable t) {
                trouble[0] = t.getClass().getName() + ": " + t.getMessage();
            }
            // what was freed here lies in this thread's allocator cache
            memory.flushThreadCache();
            done.countDown();
        }, "ebb-closer", 0, false);
        thread.setDaemon(true);
        if (target != null) {
            thread.setContextClassLoader(target.getClass().getClassLoader());
        }
        thread.start();
        try {
            if (done.await(limitNanos, TimeUnit.NANOSECONDS)) {
                return trouble[0];
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        StringBuilder stack = new StringBuilder("close of " + what + " hangs");
        for (StackTraceElement frame : thread.getStackTrace()) {
            stack.append(stack.indexOf(" at ") < 0 ? " at " : " < ").append(frame);
        }
        return stack.toString();
    }

    private static void call(CloseMethod close, Object result, LateResult late) throws Exception {
        Object target = close.onReceiver() ? late.receiver() : result;
        if (target == null) {
            throw new IllegalStateException("the object whose method loaded is gone");
        }
        Object[] arguments = new Object[close.arguments().length];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = late.argument(close.arguments()[i]);
        }
        Method method = find(target.getClass(), close.method(), arguments);
        if (method == null) {
            throw new NoSuchMethodException(target.getClass().getName() + '#' + close.method() + " with " + arguments.length
                + " fitting arguments; correct ebb.close");
        }
        try {
            method.invoke(target, arguments);
        } catch (java.lang.reflect.InvocationTargetException e) {
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
            if (arguments[i] != null && !types[i].isPrimitive() && !types[i].isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }
}
