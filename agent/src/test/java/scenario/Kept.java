package scenario;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What loads of the scenarios take and the program keeps until its end, so that ledgers still have it when they are reported. */
final class Kept {
    private static final List<Object> ALL = Collections.synchronizedList(new ArrayList<>());

    private Kept() { }

    static ByteBuffer direct(int bytes) {
        return keep(ByteBuffer.allocateDirect(bytes));
    }

    static <T> T keep(T object) {
        ALL.add(object);
        return object;
    }
}
