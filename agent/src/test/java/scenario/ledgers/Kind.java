package scenario.ledgers;

import java.util.ArrayList;
import java.util.List;

/**
 * One sort of thing that a load can take.
 *
 * @param name for labels
 * @param bytes the figure that has the size while it is held, or null
 * @param count the figure that has the number of these things while they are held, or null
 * @param kept the figure that grows by the size, or if there is a count by the number, and stays when the thing is given back; or null
 * @param back who may give it back
 */
record Kind(String name, Figure bytes, Figure count, Figure kept, Back back, Taker taker) {
    enum Back {
        ANYBODY,
        /** Only the thread that has taken it. */
        TAKER,
        /** Only the garbage collector. */
        NOBODY
    }

    interface Taker {
        Taken take(Place place, int size) throws Exception;
    }

    static Kind ofBytes(String name, Figure bytes, Taker taker) {
        return new Kind(name, bytes, null, null, Back.ANYBODY, taker);
    }

    static Kind ofCount(String name, Figure count, Taker taker) {
        return new Kind(name, null, count, null, Back.ANYBODY, taker);
    }

    /** Made on disk, with its size. */
    static Kind ofDisk(String name, Taker taker) {
        return new Kind(name, Figure.DISK, Figure.FILES_CREATED, null, Back.ANYBODY, taker);
    }

    Kind givenBackBy(Back who) {
        return new Kind(name, bytes, count, kept, who, taker);
    }

    /** Things without a size of their own are taken one to three at once, so that their number tells whose they are. */
    int number(int size) {
        return bytes != null || kept == Figure.HEAP ? 1 : 1 + size % 3;
    }

    /** Takes what a size of {@code size} stands for and notes it. */
    Taken take(Place place, int size, Account account) throws Exception {
        List<Taken> all = new ArrayList<>();
        for (int i = 0; i < number(size); i++) {
            all.add(taker.take(place, size));
        }
        note(account, size, 1);
        if (kept != null) {
            account.add(kept, count == null ? size : number(size));
        }
        return () -> {
            for (Taken one : all) {
                one.giveBack();
            }
            note(account, size, -1);
        };
    }

    private void note(Account account, int size, int sign) {
        if (bytes != null) {
            account.add(bytes, (long) sign * size);
        }
        if (count != null) {
            account.add(count, (long) sign * number(size));
        }
    }
}
