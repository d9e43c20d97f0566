package scenario.ledgers;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One load that takes and gives back at random and ends at random. What survives it is given back when the test has told that Ebb has said its end, so
 * that the line in the log and the account are about the same moment. Used by one thread after the other.
 */
final class SoakLoad {
    private static final int LARGEST = 60_000;
    private static final int MOST_STEPS = 8;

    private final Soak soak;
    private final long number;
    private final String label;
    private final SplittableRandom random;
    private final Account account = new Account();
    private final List<Held> held = new ArrayList<>();
    /** What it did, for whoever has to find out why an account differs. */
    private final StringBuilder trail = new StringBuilder();
    private final CountDownLatch taken = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);
    private boolean rolledBack;
    private boolean said;
    private boolean ended;

    private record Held(Kind kind, Taken taken) { }

    /** @param seed makes the same load again */
    SoakLoad(Soak soak, long number, long seed) {
        this.soak = soak;
        this.number = number;
        label = "soak-" + number;
        random = new SplittableRandom(seed * 1_000_003 + number);
    }

    String label() {
        return label;
    }

    /** Returns when it has ended and nothing works for it any more, threads aside that it is meant to leave behind. */
    void run() throws Exception {
        Ending ending = ending();
        rolledBack = ending != Ending.COMPLETED && ending != Ending.FAILED;
        switch (ending) {
            case COMPLETED -> Loads.load(label, () -> body(ending));
            case FAILED -> throwing(ending, new IllegalStateException("of the soak"));
            case THREW_A_TIMEOUT -> throwing(ending, new TimeoutException("of the soak"));
            case ABANDONED -> {
                abandon(ending);
                Threads.await(left);
            }
            default -> {
                Future<?> future = soak.callers().submit(Threads.callable(() -> Loads.load(label, () -> waitingBody(ending))));
                Threads.await(taken);
                future.cancel(false);
                mayEnd.countDown();
                Threads.await(left);
            }
        }
        System.out.println("account " + label + " " + ending.outcome + " " + account + " #" + trail);
        boolean last;
        synchronized (this) {
            ended = true;
            last = said;
        }
        if (last) {
            soak.over(this);
        }
    }

    /** Ebb has told its end. */
    void said() {
        boolean last;
        synchronized (this) {
            said = true;
            last = ended;
        }
        if (last) {
            soak.over(this);
        }
    }

    void giveBackSurvivors() throws Exception {
        for (Held one : held) {
            try {
                giveBack(one);
            } catch (IllegalStateException e) {
                // an arena that Ebb has closed: the load was rolled back
                if (!rolledBack) {
                    throw e;
                }
            }
        }
    }

    private Ending ending() {
        int dice = random.nextInt(1000);
        int bad = soak.badPerMille();
        if (dice < bad) {
            return List.of(Ending.THREW_A_TIMEOUT, Ending.ABANDONED, Ending.CANCELLED).get(dice % 3);
        }
        return dice < bad + 100 ? Ending.FAILED : Ending.COMPLETED;
    }

    private void throwing(Ending ending, Exception how) throws Exception {
        try {
            Loads.load(label, () -> {
                body(ending);
                throw how;
            });
        } catch (IllegalStateException | TimeoutException e) {
            if (e != how) {
                throw e;
            }
        }
    }

    /** Its frame, which holds the future, is gone when this returns. */
    private void abandon(Ending ending) throws Exception {
        Future<?> future = soak.callers().submit(Threads.callable(() -> Loads.load(label, () -> waitingBody(ending))));
        Threads.await(taken);
        try {
            future.get(1, TimeUnit.MILLISECONDS);
            throw new AssertionError();
        } catch (TimeoutException expected) {
            mayEnd.countDown();
        }
    }

    private void waitingBody(Ending ending) throws Exception {
        body(ending);
        taken.countDown();
        Threads.await(mayEnd);
        left.countDown();
    }

    private void body(Ending ending) throws Exception {
        soak.begun(number);
        int steps = 1 + random.nextInt(MOST_STEPS);
        for (int i = 0; i < steps; i++) {
            List<Held> returnable = held.stream().filter(one -> one.kind.back() == Kind.Back.ANYBODY).toList();
            if (returnable.isEmpty() || random.nextInt(3) > 0) {
                take();
            } else {
                Held one = returnable.get(random.nextInt(returnable.size()));
                held.remove(one);
                trail.append(" -").append(one.kind.name());
                anyRoute(() -> giveBack(one));
            }
        }
        trail.append(" end");
        boolean keeps = random.nextInt(3) == 0;
        // a load is not proven to be abandoned while somebody works for it
        boolean keepsThreads = ending != Ending.ABANDONED && random.nextInt(20) == 0;
        for (Held one : List.copyOf(held)) {
            boolean stays = one.kind.count() == Figure.THREADS_ALIVE ? keepsThreads : keeps && one.kind.back() != Kind.Back.TAKER;
            if (!stays && one.kind.back() != Kind.Back.NOBODY) {
                trail.append(" -").append(one.kind.name());
                held.remove(one);
                giveBack(one);
            }
        }
        soak.ending();
    }

    private void take() throws Exception {
        Kind kind = soak.kinds().get(random.nextInt(soak.kinds().size()));
        int size = 2_000 + random.nextInt(LARGEST);
        boolean atOnce = kind.back() != Kind.Back.NOBODY && random.nextInt(4) == 0;
        trail.append(" +").append(kind.name()).append(atOnce ? "-" : "");
        Work work = () -> {
            Held one = new Held(kind, kind.take(soak.place(), size, account));
            if (atOnce) {
                giveBack(one);
            } else {
                held.add(one);
            }
        };
        if (kind.back() == Kind.Back.TAKER || kind.kept() == Figure.HEAP) {
            work.run();
        } else {
            anyRoute(work);
        }
        soak.count(kind);
    }

    private void anyRoute(Work work) throws Exception {
        Route route = soak.routes().get(random.nextInt(soak.routes().size()));
        trail.append('/').append(route.name());
        account.add(Figure.THREADS_BORN, route.threadsBorn());
        route.run().run(work);
    }

    private void giveBack(Held one) throws Exception {
        if (one.kind.back() != Kind.Back.NOBODY) {
            one.taken.giveBack();
        }
    }
}
