package dev.ebb.rollback;

import dev.ebb.load.Load;
import dev.ebb.load.Place;
import java.util.ArrayList;
import java.util.List;

/** Who is inside a load now, as text for the log. */
final class Holders {
    private static final int THREADS = 16;

    private Holders() { }

    static List<String> of(Load load) {
        List<String> holders = new ArrayList<>();
        for (Thread thread : load.inside()) {
            if (holders.size() == THREADS) {
                holders.add("and more threads");
                return holders;
            }
            holders.add(describe(thread));
        }
        int waiting = load.participants() - holders.size();
        if (waiting > 0) {
            holders.add(waiting + " queued tasks or children");
        }
        return holders;
    }

    /** Threads that the load has started and that are alive. */
    static List<Thread> bornAndAlive(Load load) {
        List<Thread> alive = new ArrayList<>();
        for (Thread thread : load.bornThreads()) {
            if (thread.isAlive()) {
                alive.add(thread);
            }
        }
        return alive;
    }

    static String describe(Thread thread) {
        StringBuilder text = new StringBuilder("thread ").append(thread.getName()).append(' ').append(thread.getState());
        String place = Place.text(thread.getStackTrace());
        return place.isEmpty() ? text.toString() : text.append(" at ").append(place).toString();
    }
}
