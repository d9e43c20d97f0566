package dev.ebb;

/** Ebb watches only, from when this runs, for good. A class and not a lambda: the first lambda of a JVM costs a start some milliseconds. */
record Withdrawal(Switch mode) implements Runnable {
    @Override
    public void run() {
        mode.withdrawForGood();
    }
}
