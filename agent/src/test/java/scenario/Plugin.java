package scenario;

import java.nio.ByteBuffer;

/** Is defined once more by a class loader of its own, so it refers to no other class of the program. */
public final class Plugin {
    private static ByteBuffer kept;

    private Plugin() { }

    public static int load(Integer bytes) {
        kept = ByteBuffer.allocateDirect(bytes);
        return kept.limit();
    }
}
