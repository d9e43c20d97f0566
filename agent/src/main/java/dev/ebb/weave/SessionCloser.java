package dev.ebb.weave;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/**
 * Closes a session of foreign memory that no arena object may be left for; one that is closed already, as by the close of what held it, is left alone.
 * Finds its methods at the first use: on a JDK without sessions there are none.
 */
public final class SessionCloser implements Consumer<Object> {
    private final Openings openings;

    public SessionCloser(Openings openings) {
        this.openings = openings;
    }

    /**
     * Throws what {@code Arena.close} would: IllegalStateException while a native call uses it, WrongThreadException for one confined to another thread. A
     * session that is confined to a thread which has ended can be used by nobody any more, and closed by nobody: that one is freed here.
     */
    @Override
    public void accept(Object session) {
        try {
            Class<?> type = Class.forName("jdk.internal.foreign.MemorySessionImpl");
            MethodHandles.Lookup lookup = openings.into(type);
            if (!(boolean) lookup.findVirtual(type, "isAlive", MethodType.methodType(boolean.class)).invoke(session)) {
                return;
            }
            Thread owner = (Thread) lookup.findVirtual(type, "ownerThread", MethodType.methodType(Thread.class)).invoke(session);
            if (owner != null && owner.getState() == Thread.State.TERMINATED) {
                free(lookup, type, session);
            } else {
                lookup.findVirtual(type, "close", MethodType.methodType(void.class)).invoke(session);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What {@code ConfinedSession.justClose} and {@code ResourceList.cleanup} do, without their check of the calling thread. */
    private static void free(MethodHandles.Lookup lookup, Class<?> type, Object session) throws Throwable {
        Class<?> resources = Class.forName("jdk.internal.foreign.MemorySessionImpl$ResourceList");
        int closed = (int) lookup.findStaticVarHandle(type, "CLOSED", int.class).get();
        lookup.findVarHandle(type, "state", int.class).setVolatile(session, closed);
        Object list = lookup.findVarHandle(type, "resourceList", resources).get(session);
        lookup.findVirtual(resources, "run", MethodType.methodType(void.class)).invoke(list);
    }
}
