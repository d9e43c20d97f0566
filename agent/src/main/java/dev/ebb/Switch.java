package dev.ebb;

import dev.ebb.rollback.Permission;

/** Whether Ebb acts or watches, now. Thread-safe. */
final class Switch implements Permission {
    private volatile String mode;
    private volatile int grants;

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
    public void withdraw() {
        if (granted()) {
            mode = "observe";
        }
    }

    boolean off() {
        return mode.equals("off");
    }

    String mode() {
        return mode;
    }

    /** The user's word, at run time: faults of the past are forgiven. @param wanted as in {@code ebb.mode} */
    synchronized void set(String wanted) {
        if (wanted.equals("rollback")) {
            grants = grants + 1;
        }
        mode = wanted;
    }
}
