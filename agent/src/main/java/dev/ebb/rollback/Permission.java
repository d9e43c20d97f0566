package dev.ebb.rollback;

/** Whether Ebb may act, or only watch. Asked on the worker; may change at any time. */
public interface Permission {
    /** False while Ebb only watches. */
    boolean granted();

    /** How often it has been granted: a rung that failed under an earlier one may try again. */
    int grants();

    /** From now on Ebb only watches, until the permission is granted anew. */
    void withdraw();
}
