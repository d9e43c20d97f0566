package dev.ebb.load;

/**
 * Thrown by Ebb, and by nobody else, in a thread that works for a load which timed out or was abandoned: at the next place where it takes memory or
 * opens a file. An error and no exception, so that a load that catches exceptions and tries again is ended all the same. It has no cause, and
 * nothing can be suppressed in it.
 */
public final class LoadAbandonedError extends Error {
    private static final long serialVersionUID = 1;

    /** @param message which load, why, and how to switch this off */
    public LoadAbandonedError(String message) {
        super(message, null, false, true);
    }
}
