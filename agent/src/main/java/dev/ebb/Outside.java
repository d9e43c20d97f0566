package dev.ebb;

/** The ways in which others than woven code reach Ebb. On the worker, unless said otherwise. */
final class Outside {
    private final Management management;
    private final Desk desk;
    private final Scrapes scrapes;
    private final Reload reload;

    /** @param scrapes null if nobody may ask for metrics @param reload null if no file is named */
    Outside(Management management, Desk desk, Scrapes scrapes, Reload reload) {
        this.management = management;
        this.desk = desk;
        this.scrapes = scrapes;
        this.reload = reload;
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
        if (reload != null) {
            reload.look();
        }
    }

    /** Nobody reaches Ebb any more; on the thread that detaches. */
    void leave() {
        management.leave();
        if (scrapes != null) {
            scrapes.leave();
        }
    }
}
