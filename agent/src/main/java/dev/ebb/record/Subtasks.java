package dev.ebb.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Function;

/** What structured concurrency, in the form of JDK 25, keeps private of its subtasks. Looked up when a scope first gives up. */
final class Subtasks {
    private static final String SCOPE = "java.util.concurrent.StructuredTaskScopeImpl";

    private final Class<?> type;
    private final VarHandle scope;
    private final VarHandle result;

    /** @throws ReflectiveOperationException if this JDK has other fields */
    Subtasks(Function<Class<?>, MethodHandles.Lookup> lookups) throws ReflectiveOperationException {
        type = Class.forName(SCOPE.concat("$SubtaskImpl"), false, null);
        MethodHandles.Lookup lookup = lookups.apply(type);
        scope = lookup.findVarHandle(type, "scope", Class.forName(SCOPE, false, null));
        result = lookup.findVarHandle(type, "result", Object.class);
    }

    /** Whether it is a subtask of that scope, and has no result yet. */
    boolean isUnfinished(Object subtask, Object of) {
        return type.isInstance(subtask) && scope.get(subtask) == of && result.getVolatile(subtask) == null;
    }
}
