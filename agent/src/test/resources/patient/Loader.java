package patient;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

/** What is watched. */
final class Loader {
    private Loader() { }

    static ByteBuffer load(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }

    static ByteBuffer loadAfter(CountDownLatch given, int bytes) throws InterruptedException {
        given.await();
        return load(bytes);
    }

    static ByteBuffer loadTooLong(int bytes) throws TimeoutException {
        load(bytes);
        throw new TimeoutException("the load took too long");
    }
}
