package scenario.ledgers;

/** How the load of a cell ends, and what becomes of what it has taken. */
enum Ending {
    /** Completes and keeps it. */
    COMPLETED("completed"),
    /** Gives it back itself, in the thread that took it. */
    GIVEN_BACK_INSIDE("completed"),
    /** Completes, and another thread gives it back while a task of the load still waits. */
    GIVEN_BACK_BY_ANOTHER("completed"),
    FAILED("failed"),
    THREW_A_TIMEOUT("timed-out"),
    PASSED_ITS_DEADLINE("timed-out"),
    /** Its caller's timed get has failed, and nobody can reach the future. */
    ABANDONED("abandoned"),
    CANCELLED("abandoned");

    /** As the log has it. */
    final String outcome;

    Ending(String outcome) {
        this.outcome = outcome;
    }

    String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** Null, or why this kind of thing cannot end so. */
    String impossibleFor(Kind kind) {
        if (this == GIVEN_BACK_INSIDE && kind.back() == Kind.Back.NOBODY || this == GIVEN_BACK_BY_ANOTHER && kind.back() == Kind.Back.NOBODY) {
            return "only the garbage collector gives it back";
        }
        return this == GIVEN_BACK_BY_ANOTHER && kind.back() == Kind.Back.TAKER ? "only the thread that has taken it gives it back" : null;
    }
}
