package scenario;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A task that serves one load after the other and ends with the program: nobody ever waits for its future. */
public final class Loops {
    private Loops() { }

    /** Watched. */
    static Object load(int number) {
        return Kept.direct(10_000 + number);
    }

    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Future<?> loop = pool.submit(() -> {
            for (int i = 0; i < 1_000; i++) {
                load(i);
            }
            System.out.println("looping");
            return System.in.read();
        });
        loop.get();
        pool.shutdown();
        System.out.println("done");
    }
}
