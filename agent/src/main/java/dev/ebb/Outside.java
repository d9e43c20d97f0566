package dev.ebb;

/** The ways in which others than woven code reach Ebb. On the worker, unless said otherwise. */
final class Outside {
    private final Management management;
    private final Desk desk;
    private final Scrapes scrapes;

    /** @param scrapes null if nobody may ask for metrics */
    Outside(Management management, Desk desk, Scrapes scrapes) {
        this.management = management;
        this.desk = desk;
        this.scrapes = scrapes;
    }

    /** Once, when the program runs already. */
    void started() {
        management.run();
        if (scrapes != null) {
            scrapes.start();
        }
    }

    /** About once a second. */
    void tick() {
        desk.look();
    }

    /** Nobody reaches Ebb any more; on the thread that detaches. */
    void leave() {
        management.leave();
        if (scrapes != null) {
            scrapes.leave();
        }
    }
}
