package dev.ebb;

import dev.ebb.config.Options;
import java.util.ArrayList;
import java.util.List;

/** The options by which Ebb goes now. Read on any thread; changed on the worker. */
final class InForce {
    private volatile Options options;
    private volatile List<String> refused = List.of();

    InForce(Options options) {
        this.options = options;
    }

    Options options() {
        return options;
    }

    void change(Options wanted) {
        options = wanted;
        refused = List.of();
    }

    /** A change that is not used. @param mistakes in it */
    void refuse(List<String> mistakes) {
        refused = List.copyOf(mistakes);
    }

    /** In the options that count, and in a change since then that does not. */
    List<String> mistakes() {
        List<String> all = new ArrayList<>(options.problems());
        refused.forEach(mistake -> all.add("not used: " + mistake));
        return all;
    }
}
