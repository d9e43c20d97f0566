package dev.ebb.load;

/** How a load ended. */
public enum Outcome {
    COMPLETED("completed"),
    /** It threw something that is no timeout. */
    FAILED("failed"),
    /** It threw a timeout, or passed its deadline. */
    TIMED_OUT("timed-out"),
    /** Its caller went away while it ran, or before its late result was used. */
    ABANDONED("abandoned");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    /** As it stands in the log. */
    public String text() {
        return text;
    }
}
