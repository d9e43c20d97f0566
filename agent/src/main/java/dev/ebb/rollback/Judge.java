package dev.ebb.rollback;

import dev.ebb.load.Load;
import dev.ebb.load.Outcome;
import java.util.List;

/** Decides how a load has ended, from what was seen of it and without guessing. */
final class Judge {
    /** How deep a cause chain is followed; longer ones go in circles. */
    private static final int CAUSES = 64;

    private final List<String> timeoutExceptions;

    Judge(List<String> timeoutExceptions) {
        this.timeoutExceptions = timeoutExceptions;
    }

    /** An outcome, or what has to be waited for before there is one. */
    enum Judgement {
        /** Its body is still running, and nothing bad is known. */
        RUNNING,
        /** It was left, and the futures that carry it are still being computed: a caller may yet time out. */
        CARRIED,
        /** A caller gave up on it; whether its result can still be read has to be proven. */
        GIVEN_UP,
        COMPLETED, FAILED,
        /** Certainly timed out or abandoned, whether it still runs or not. */
        TIMED_OUT, ABANDONED;

        Outcome outcome() {
            return switch (this) {
                case COMPLETED -> Outcome.COMPLETED;
                case FAILED -> Outcome.FAILED;
                case TIMED_OUT -> Outcome.TIMED_OUT;
                case ABANDONED, GIVEN_UP -> Outcome.ABANDONED;
                default -> null;
            };
        }
    }

    Judgement judge(Load load) {
        Throwable thrown = load.thrown();
        if (thrown != null && isTimeout(thrown)) {
            return Judgement.TIMED_OUT;
        }
        if (load.futures().cancelled() != null) {
            return Judgement.ABANDONED;
        }
        if (load.pastDeadline() || load.left() && load.gaveUpOnItsOwnTasks()) {
            return Judgement.TIMED_OUT;
        }
        if (load.futures().callerGaveUp() && !load.futures().read()) {
            return load.futures().presumedGone() ? Judgement.ABANDONED : Judgement.GIVEN_UP;
        }
        if (thrown != null && load.stop().thrown() > 0) {
            // ended at a checkpoint, for the sake of the load that it worked for
            return Judgement.ABANDONED;
        }
        if (!load.left()) {
            return Judgement.RUNNING;
        }
        if (!load.futures().haveCarriersEnded()) {
            return Judgement.CARRIED;
        }
        return thrown == null ? Judgement.COMPLETED : Judgement.FAILED;
    }

    /** Why, in the words of the log. */
    String cause(Load load, Judgement judgement) {
        Throwable thrown = load.thrown();
        return switch (judgement) {
            case TIMED_OUT -> thrown != null && isTimeout(thrown) ? "threw " + describe(thrown) : load.pastDeadline() ? "deadline passed"
                : "gave up on its own tasks";
            case ABANDONED -> abandonedBy(load);
            case GIVEN_UP -> "caller timed out, nobody can read the result";
            case FAILED -> "threw " + describe(thrown);
            default -> null;
        };
    }

    private static String abandonedBy(Load load) {
        String how = load.futures().cancelled();
        if (how != null) {
            return how.equals("cancelled") ? "future cancelled" : how.equals("completed") ? "future completed by somebody else" : "time limit of its future passed";
        }
        return load.futures().presumedGone() ? "caller timed out and has not come back" : "the load that it worked for was given up";
    }

    private boolean isTimeout(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < CAUSES; i++) {
            for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
                if (timeoutExceptions.contains(type.getName())) {
                    return true;
                }
            }
            cause = causeOf(cause);
        }
        return false;
    }

    private static Throwable causeOf(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (RuntimeException | Error e) {
            // the program's own exception class; its trouble is not ours
            return null;
        }
    }

    private static String describe(Throwable thrown) {
        String message;
        try {
            message = thrown.getMessage();
        } catch (RuntimeException | Error e) {
            // the program's own exception class; its trouble is not ours
            message = null;
        }
        return thrown.getClass().getName() + (message == null ? "" : ": " + (message.length() > 200 ? message.substring(0, 200) : message));
    }
}
