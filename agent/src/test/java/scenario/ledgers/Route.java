package scenario.ledgers;

/**
 * One way in which work of a load gets into a thread.
 *
 * @param threadsBorn how many threads the load starts for it; they have ended when {@code run} returns
 * @param child whether the work is a load of its own inside the load
 */
record Route(String name, int threadsBorn, boolean child, Run run) {
    /** What the routes have to work with was made before any load. */
    interface Run {
        /** Returns when the work is done; throws what it threw, or something about it. */
        void run(Work work) throws Exception;
    }

    static Route of(String name, Run run) {
        return new Route(name, 0, false, run);
    }

    static Route starting(String name, Run run) {
        return new Route(name, 1, false, run);
    }
}
