package dev.ebb.record;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.function.Function;

/**
 * In which channel a thread is blocked, as the JDK notes it for {@code Thread.interrupt}, which closes that channel for everybody. Looked up at the first use.
 */
final class Channels {
    private final Function<Class<?>, MethodHandles.Lookup> lookups;
    private MethodHandle blocker;
    private MethodHandle channel;

    /** @param lookups private access to the package of a class */
    Channels(Function<Class<?>, MethodHandles.Lookup> lookups) {
        this.lookups = lookups;
    }

    /** The channel, or null if the thread is in none. On the worker. @throws ReflectiveOperationException if this JDK notes it elsewhere */
    Object of(Thread thread) throws ReflectiveOperationException {
        if (channel == null) {
            Class<?> interruptible = Class.forName("sun.nio.ch.Interruptible");
            Class<?> ofChannel = Class.forName(AbstractInterruptibleChannel.class.getName() + "$1");
            blocker = blocker(interruptible);
            channel = lookups.apply(AbstractInterruptibleChannel.class).findGetter(ofChannel, "this$0", AbstractInterruptibleChannel.class)
                .asType(java.lang.invoke.MethodType.methodType(Object.class, Object.class));
        }
        try {
            Object noted = blocker.invoke(thread);
            return noted == null || !noted.getClass().getName().equals(AbstractInterruptibleChannel.class.getName() + "$1") ? null : channel.invoke(noted);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private MethodHandle blocker(Class<?> interruptible) throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = lookups.apply(Thread.class);
        try {
            return lookup.findGetter(Thread.class, "nioBlocker", interruptible);
        } catch (NoSuchFieldException e) {
            // before JDK 21
            return lookup.findGetter(Thread.class, "blocker", interruptible);
        }
    }
}
