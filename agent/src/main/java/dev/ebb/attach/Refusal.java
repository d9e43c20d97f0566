package dev.ebb.attach;

/** Why nothing can be done about a process, in words for its user. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    public Refusal(String message) {
        super(message);
    }
}
