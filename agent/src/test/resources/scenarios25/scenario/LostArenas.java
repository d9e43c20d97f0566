package scenario;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeoutException;

/** Arenas that loads which time out leave behind; no garbage collector gives their memory back. */
public final class LostArenas {
    private static MemorySegment published;
    private static Arena mine;

    private LostArenas() { }

    /** Watched; nobody has the arena any more, not even its name. */
    static void unreachable() throws TimeoutException {
        touch(Arena.ofShared().allocate(30_002_016));
        throw new TimeoutException();
    }

    /** Watched; in reach, and harmless to close: whoever uses it later gets an exception. */
    static void reachable() throws TimeoutException {
        published = Arena.ofShared().allocate(20_001);
        throw new TimeoutException();
    }

    /** Watched; made and confined by a thread that has ended: nobody can ever close it by its own methods. */
    static void confinedToTheDead() throws Exception {
        Thread thread = new Thread(() -> touch(Arena.ofConfined().allocate(20_003)));
        thread.start();
        thread.join();
        throw new TimeoutException();
    }

    /** Watched; confined to a thread that lives. */
    static void confinedToTheLiving() throws TimeoutException {
        mine = Arena.ofConfined();
        mine.allocate(20_002);
        throw new TimeoutException();
    }

    public static void main(String[] args) throws Exception {
        for (Recording.Work load : new Recording.Work[] {LostArenas::unreachable, LostArenas::reachable, LostArenas::confinedToTheDead, LostArenas::confinedToTheLiving}) {
            try {
                load.run();
                throw new AssertionError();
            } catch (TimeoutException expected) {
                // what it left behind is the subject
            }
        }
        System.out.println("waiting");
        System.in.read();
        mine.allocate(1);
        mine.close();
        try {
            published.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0);
            System.out.println("still alive");
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void touch(MemorySegment segment) {
        segment.fill((byte) 1);
    }
}
