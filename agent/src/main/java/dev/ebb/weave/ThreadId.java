package dev.ebb.weave;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;

/** Finds a getter of the field that has the id of a thread: {@code getId} may be overridden before JDK 19. */
public final class ThreadId implements Callable<MethodHandle> {
    private final Openings openings;

    public ThreadId(Openings openings) {
        this.openings = openings;
    }

    /** Takes a thread, returns a long. @throws ReflectiveOperationException on a JDK that has it elsewhere */
    @Override
    public MethodHandle call() throws ReflectiveOperationException {
        return openings.into(Thread.class).findGetter(Thread.class, "tid", long.class);
    }
}
