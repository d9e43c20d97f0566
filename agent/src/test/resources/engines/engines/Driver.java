package engines;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What each engine goes through: a load that is used and released, then one whose caller gives up before it ends, and whose result nobody can reach. Ends at a line on stdin. */
final class Driver {
    /** Uses the engine as any program would. */
    interface Engine {
        Object open() throws Exception;

        void close(Object opened) throws Exception;
    }

    private Driver() { }

    static void run(Engine engine) throws Exception {
        engine.close(engine.open());
        System.out.println("released");
        await();
        abandon(engine);
        System.out.println("abandoned");
        await();
        try {
            engine.close(engine.open());
            System.out.println("reopened");
        } catch (Exception locked) {
            System.out.println("refused");
        }
    }

    private static void abandon(Engine engine) throws Exception {
        CountDownLatch gaveUp = new CountDownLatch(1);
        FutureTask<Object> task = new FutureTask<>(() -> {
            gaveUp.await();
            return engine.open();
        });
        Thread loader = new Thread(task);
        loader.start();
        try {
            task.get(1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            gaveUp.countDown();
        }
        loader.join();
    }

    private static void await() throws IOException {
        int read = System.in.read();
        while (read >= 0 && read != '\n') {
            read = System.in.read();
        }
    }
}
