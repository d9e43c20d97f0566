package dev.ebb;

import dev.ebb.rollback.Permission;

/** Whether Ebb acts or watches, now. Thread-safe. */
final class Switch implements Permission {
    private volatile String mode;
    private volatile int grants;
    private volatile boolean blind;
    private volatile boolean withdrawn;

    /** @param mode as in {@code ebb.mode} */
    Switch(String mode) {
        this.mode = mode;
    }

    @Override
    public boolean granted() {
        return mode.equals("rollback");
    }

    @Override
    public int grants() {
        return grants;
    }

    @Override
    public synchronized void withdraw() {
        if (granted()) {
            mode = "observe";
            withdrawn = true;
        }
    }

    /** Ebb may have missed a thread that is inside a load: from now on nothing is rolled back in this process, whatever the user says. */
    synchronized void withdrawForGood() {
        blind = true;
        withdraw();
    }

    /** Whether that, and nobody's word, is why Ebb only watches. */
    boolean withdrawn() {
        return withdrawn;
    }

    boolean off() {
        return mode.equals("off");
    }

    String mode() {
        return mode;
    }

    /**
     * The user's word, at run time: faults of the past are forgiven.
     *
     * @param wanted as in {@code ebb.mode}
     * @throws IllegalArgumentException if that may not be any more
     */
    synchronized void set(String wanted) {
        if (blind && wanted.equals("rollback")) {
            throw new IllegalArgumentException("Ebb may have missed a thread inside a load and rolls nothing back in this process any more; restart the program to roll back again");
        }
        if (wanted.equals("rollback")) {
            grants = grants + 1;
        }
        mode = wanted;
        withdrawn = false;
    }
}
