package dev.ebb.doctor;

/** Why a process cannot be examined, in words for its user. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message);
    }
}
