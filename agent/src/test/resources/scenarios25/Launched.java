import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Run from its source: its classes come from the launcher's own loader, out of memory. */
public class Launched {
    /** All: a collection before the line of a load is written would take what it had from its account. */
    static final List<ByteBuffer> KEPT = new ArrayList<>();

    interface Loader {
        void load(int bytes);
    }

    static class Direct implements Loader {
        @Override
        public void load(int bytes) {
            KEPT.add(ByteBuffer.allocateDirect(bytes));
        }
    }

    static void load(int bytes) {
        KEPT.add(ByteBuffer.allocateDirect(bytes));
    }

    public static void main(String[] args) {
        load(30_002_016);
        new Direct().load(30_001);
        System.out.println("done");
    }
}
