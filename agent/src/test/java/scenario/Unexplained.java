package scenario;

import dev.ebb.testing.NativeCalls;

import java.util.concurrent.TimeoutException;

/** A load that times out and leaves a mapping of its own native code, which nobody can know of. */
public final class Unexplained {
    private Unexplained() { }

    public static void main(String[] args) throws Exception {
        try {
            load("mmap");
        } catch (TimeoutException expected) {
            System.out.println("timed out");
        }
        System.in.read();
    }

    /** The watched method. */
    private static void load(String label) throws TimeoutException {
        long address = NativeCalls.call("mmap", 0, 200L << 20, 3, 0x22, -1, 0); // PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS
        NativeCalls.call("memset", address, 1, 200L << 20);
        throw new TimeoutException();
    }
}
