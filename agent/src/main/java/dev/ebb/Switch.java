package dev.ebb;

/** Whether Ebb acts or watches, now. Thread-safe. */
final class Switch {
    private volatile String mode;

    /** @param mode as in {@code ebb.mode} */
    Switch(String mode) {
        this.mode = mode;
    }

    boolean rollsBack() {
        return mode.equals("rollback");
    }

    boolean off() {
        return mode.equals("off");
    }

    String mode() {
        return mode;
    }

    void watchOnly() {
        mode = "observe";
    }
}
