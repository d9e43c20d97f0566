package scenario.hostile;

/**
 * One hostile load, led step by step. A load is told apart by its order; what the program sees of the deed must be the same with and without Ebb, what
 * becomes of a late result need not.
 */
abstract class Deed {
    final Order order;

    Deed(String name, int bytes) {
        order = new Order(name, bytes);
    }

    /** Up to where the load's caller has gone. */
    abstract void begin() throws Exception;

    /** Lets the load do what it has waited for. */
    void lead() throws Exception {
        order.mayEnd.countDown();
    }

    /** What the program sees in the end, checksums of all that it reaches included. */
    String program() throws Exception {
        return "ended";
    }

    /** What became of the late result. */
    String late() throws Exception {
        return "closed " + order.closes;
    }
}
