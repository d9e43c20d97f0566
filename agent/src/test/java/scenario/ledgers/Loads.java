package scenario.ledgers;

/** The watched methods; what they do is the scenario's. */
final class Loads {
    private Loads() { }

    static void load(String label, Work work) throws Exception {
        work.run();
    }

    /** With a deadline. */
    static void limited(String label, Work work) throws Exception {
        work.run();
    }

    /** A part of the load that calls it. */
    static void part(Work work) throws Exception {
        work.run();
    }
}
