package dev.ebb.record;

import dev.ebb.load.Load;
import dev.ebb.load.Presence;
import dev.ebb.load.Trouble;

/** Whether another thread may be disturbed for the sake of the load that it works for. Asked by the worker while it holds the {@link Presence} of that thread. */
final class Disturbance {
    private final Ownership ownership;
    private final Index index;
    private final Channels channels;
    private final Trouble trouble;

    Disturbance(Ownership ownership, Index index, Channels channels, Trouble trouble) {
        this.ownership = ownership;
        this.index = index;
        this.channels = channels;
        this.trouble = trouble;
    }

    /** Null if it may be; else why not. */
    String refusal(Load load, Thread thread, Presence presence) {
        StackTraceElement[] stack = thread.getStackTrace();
        if (isInChannel(stack) && !presence.inOwnChannel() && !cameToOwnChannel(load, thread)) {
            return "in a channel that is not known to be the load's";
        }
        Standing standing = new Standing(ownership, load.site().method(), true);
        for (int i = 0; i < stack.length && standing.frame(stack[i].getClassName(), stack[i].getMethodName()); i++) {
            // the next one
        }
        return standing.refusal();
    }

    private static boolean isInChannel(StackTraceElement[] stack) {
        for (int i = 0; i < stack.length; i++) {
            if (stack[i].getClassName().startsWith("sun.nio.ch.")) {
                return true;
            }
        }
        return false;
    }

    /** It may have come there before Ebb listened to channels. It cannot go on to another one unheard, now that it is held. */
    private boolean cameToOwnChannel(Load load, Thread thread) {
        try {
            Object channel = channels.of(thread);
            return channel != null && index.isOf(channel, load.ledger());
        } catch (ReflectiveOperationException e) {
            trouble.report("channels", e, "this JDK is not known to this version of Ebb: threads in channels are not interrupted");
            return false;
        }
    }
}
