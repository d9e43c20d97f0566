package dev.ebb.record;

import dev.ebb.load.Load;
import dev.ebb.load.Trouble;

/** Whether another thread may be disturbed for the sake of the load that it works for. Asked by the worker while it holds the presence of that thread. */
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
    String refusal(Load load, Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        if (isMapping(stack)) {
            return "mapping a file";
        }
        if (isInChannel(stack) && !isInOwnChannel(load, thread)) {
            return "in a channel that is not known to be the load's";
        }
        Standing standing = new Standing(ownership, load.site().method(), true);
        for (int i = 0; i < stack.length && standing.frame(stack[i].getClassName(), stack[i].getMethodName()); i++) {
            // the next one
        }
        return standing.refusal();
    }

    /** Begun before Ebb listened; see {@link Slot#enterMapping}. */
    private static boolean isMapping(StackTraceElement[] stack) {
        for (int i = 0; i < stack.length; i++) {
            if (stack[i].getMethodName().startsWith("map") && stack[i].getClassName().equals("sun.nio.ch.FileChannelImpl")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInChannel(StackTraceElement[] stack) {
        for (int i = 0; i < stack.length; i++) {
            if (stack[i].getClassName().startsWith("sun.nio.ch.")) {
                return true;
            }
        }
        return false;
    }

    /** It cannot go on to another one while it is held, since it has to leave this one first. */
    private boolean isInOwnChannel(Load load, Thread thread) {
        try {
            Object channel = channels.of(thread);
            return channel != null && index.isOf(channel, load.ledger());
        } catch (ReflectiveOperationException e) {
            trouble.report("channels", e, "this JDK is not known to this version of Ebb: threads in channels are not interrupted");
            return false;
        }
    }
}
