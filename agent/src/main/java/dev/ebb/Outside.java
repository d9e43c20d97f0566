package dev.ebb;

/** The ways in which others than woven code reach Ebb. On the worker, unless said otherwise. */
final class Outside {
    private final Management management;
    private final Desk desk;

    Outside(Management management, Desk desk) {
        this.management = management;
        this.desk = desk;
    }

    /** Once, when the program runs already. */
    void started() {
        management.run();
    }

    /** About once a second. */
    void tick() {
        desk.look();
    }

    /** Nobody reaches Ebb any more; on the thread that detaches. */
    void leave() {
        management.leave();
    }
}
