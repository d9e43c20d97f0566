package dev.ebb;

import dev.ebb.config.Options;
import java.util.ArrayList;
import java.util.List;

/** The options by which Ebb goes now. Read on any thread; changed on the worker. */
final class InForce {
    private volatile Options options;
    private volatile List<String> mistakes;

    InForce(Options options) {
        this.options = options;
        mistakes = options.problems();
    }

    Options options() {
        return options;
    }

    /** @param mistakes in all sources, such as those of the start that still stand */
    void change(Options wanted, List<String> mistakes) {
        options = wanted;
        this.mistakes = mistakes;
    }

    /** A change that is not used. @param before mistakes in what counts; @param refused mistakes in that change */
    void refuse(List<String> before, List<String> refused) {
        List<String> all = new ArrayList<>(before);
        refused.forEach(mistake -> all.add("not used: " + mistake));
        mistakes = all;
    }

    /** In the options that count, and in a change since then that does not. */
    List<String> mistakes() {
        return mistakes;
    }
}
