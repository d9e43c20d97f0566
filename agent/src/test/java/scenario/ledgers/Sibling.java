package scenario.ledgers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A load that is open while others take what they take; holds one thing of each kind, in sizes of its own, and must keep exactly these. */
final class Sibling {
    private static final int SMALLEST = 300_007;
    private static final Work END = () -> { };

    private final String label;
    private final int size;
    private final Account account = new Account();
    private final List<Kind> kinds;
    private final List<Taken> held = new ArrayList<>();
    private final BlockingQueue<Work> toDo = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final CountDownLatch ready = new CountDownLatch(1);

    Sibling(String label, int number, List<Kind> kinds, Place place) {
        this.label = label;
        this.kinds = kinds;
        size = SMALLEST + 13 * number;
        thread = Threads.daemon(() -> Threads.done(() -> Loads.load(label, () -> body(place))));
        thread.start();
        Threads.await(ready);
    }

    private void body(Place place) throws Exception {
        for (Kind kind : kinds) {
            Taken taken = kind.take(place, size, account);
            held.add(taken);
            if (kind.count() == Figure.THREADS_ALIVE) {
                taken.giveBack();
            }
        }
        ready.countDown();
        for (Work next = toDo.take(); next != END; next = toDo.take()) {
            next.run();
        }
    }

    /** Has something done in its thread, inside its load, that is due to somebody else. */
    void execute(Runnable other) {
        toDo.add(other::run);
    }

    /** Returns when the load has completed. */
    void end() throws InterruptedException {
        toDo.add(END);
        thread.join();
    }

    void print() {
        System.out.println("account " + label + " completed " + account);
    }

    void giveBack() throws Exception {
        for (int i = 0; i < held.size(); i++) {
            if (kinds.get(i).back() == Kind.Back.ANYBODY && kinds.get(i).count() != Figure.THREADS_ALIVE) {
                held.get(i).giveBack();
            }
        }
    }
}
