package dev.ebb;

import dev.ebb.config.Options;

/** The options by which Ebb goes now. Read on any thread; changed on the worker. */
final class InForce {
    private volatile Options options;

    InForce(Options options) {
        this.options = options;
    }

    Options options() {
        return options;
    }

    void change(Options wanted) {
        options = wanted;
    }
}
