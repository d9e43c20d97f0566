package dev.ebb.weave;

import java.lang.reflect.Modifier;

/**
 * One row of the table of hook points: where in which JDK method which call of the bridge goes.
 *
 * @param owner internal name of the class
 * @param descriptor of the method; null for any
 * @param required a class of this JDK without the method is reported; a row that is not required may match nothing
 * @param call the method of the bridge: {@code taken}, {@code seen}, {@code wrap} or {@code check}; {@code wrapField} for a field of the object constructed
 * @param kind number of the event, as in {@code Kind}
 * @param operands the arguments (a, b, x, y) of the call, each in the words of {@link HookTable}; for {@code wrap} the local variable to be replaced
 */
record Hook(String owner, String method, String descriptor, At at, boolean required, String call, int kind, String[] operands) {
    /** As the name of a method: every static body of a lambda, as javac names them. */
    static final String STATIC_LAMBDA = "lambda$static";
    /** The same for bodies that belong to an object. */
    static final String INSTANCE_LAMBDA = "lambda$instance";

    boolean names(int access, String name, String actualDescriptor) {
        boolean isStatic = Modifier.isStatic(access);
        boolean named = method.equals(STATIC_LAMBDA) ? isStatic && name.startsWith("lambda$")
            : method.equals(INSTANCE_LAMBDA) ? !isStatic && name.startsWith("lambda$") : method.equals(name);
        return named && (descriptor == null || descriptor.equals(actualDescriptor));
    }

    /** Where in the method. */
    enum At {
        /** First of all; in a constructor, before it calls the one above it. */
        ENTRY,
        /** Before each return. */
        RETURN,
        /** Before each return, and when something is thrown out of the method. */
        EXIT,
        /** When something is thrown out of the method. */
        THROW,
        /** Before each place that makes a TimeoutException. */
        TIMEOUT,
        /** Before each call of {@code CompletableFuture.completeValue}. */
        COMPLETE_VALUE,
        /** Before each call of {@code ByteBuffer.allocateDirect}. */
        ALLOCATE_DIRECT,
        /** Before each call of the {@code run} of a Runnable or TimerTask, with that on top of the stack. */
        RUN,
        /** After each of these calls that has returned. */
        RAN,
        /** Before each call of {@code ThreadPoolExecutor.afterExecute}. */
        AFTER_EXECUTE
    }
}
