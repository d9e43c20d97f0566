import java.nio.ByteBuffer;

/** Run from its source: its classes come from the launcher's own loader, out of memory. */
public class Launched {
    static ByteBuffer kept;

    interface Loader {
        void load(int bytes);
    }

    static class Direct implements Loader {
        @Override
        public void load(int bytes) {
            kept = ByteBuffer.allocateDirect(bytes);
        }
    }

    static void load(int bytes) {
        kept = ByteBuffer.allocateDirect(bytes);
    }

    public static void main(String[] args) {
        load(30_002_016);
        new Direct().load(30_001);
        System.out.println("done");
    }
}
