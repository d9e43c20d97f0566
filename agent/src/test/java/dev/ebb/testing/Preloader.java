package dev.ebb.testing;

/** An agent that does nothing but load classes of the program before the next agent starts. */
public final class Preloader {
    private Preloader() { }

    /** @param classes binary names, separated by comma */
    public static void premain(String classes) throws ClassNotFoundException {
        for (String name : classes.split(",")) {
            Class.forName(name, true, ClassLoader.getSystemClassLoader());
        }
    }
}
