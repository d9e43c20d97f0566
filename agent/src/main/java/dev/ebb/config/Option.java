package dev.ebb.config;

import java.util.Locale;

/** What can be set: one row of the option table. Immutable. */
public final class Option {
    private final String name;
    private final String defaultText;
    private final String meaning;
    private final boolean available;

    Option(String name, String defaultText, String meaning, boolean available) {
        this.name = name;
        this.defaultText = defaultText;
        this.meaning = meaning;
        this.available = available;
    }

    /** As in an agent argument: {@code rollback.on}. */
    public String name() {
        return name;
    }

    /** The system property: {@code ebb.rollback.on}. */
    public String property() {
        return "ebb.".concat(name);
    }

    /** The environment variable: {@code EBB_ROLLBACK_ON}. */
    public String variable() {
        return property().replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** The default as the user would write it; empty for none. */
    public String defaultText() {
        return defaultText;
    }

    /** One line: what it does, with unit and accepted values. */
    public String meaning() {
        return meaning;
    }

    /** False for a name that the design keeps for a later version; setting it is reported and has no effect. */
    public boolean available() {
        return available;
    }

    @Override
    public String toString() {
        return property();
    }
}
