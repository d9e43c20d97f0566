package dev.ebb.rollback;

/** The rungs of the ladder that can be switched, in the order in which they are climbed. */
public enum Rung {
    /** Its threads are ended at their next checkpoint. */
    TELL("tell", "ebb.rollback.checkpoint"),
    /** Its queued tasks are cancelled, idle threads of its pools are sent home. */
    CANCEL("cancel", "ebb.rollback.cancel"),
    INTERRUPT("interrupt", "ebb.rollback.interrupt"),
    /** The JVM throws in its threads, wherever they stand. */
    STOP("stop", "ebb.rollback.stop"),
    CLOSE("close", "ebb.rollback.close"),
    COLLECT("collect", "ebb.rollback.gc"),
    DELETE("delete", "ebb.rollback.delete"),
    PURGE("purge", "ebb.purge");

    private final String text;
    private final String option;

    Rung(String text, String option) {
        this.text = text;
        this.option = option;
    }

    /** As it stands in the log. */
    public String text() {
        return text;
    }

    /** What switches it. */
    public String option() {
        return option;
    }
}
