package scenario;

import java.util.ArrayList;
import java.util.List;

/** Threads that do nothing but begin and end loads. */
public final class Burst {
    private Burst() { }

    /** Watched. */
    static Object load() {
        return new Object();
    }

    /** @param args how many threads, and how many loads for each */
    public static void main(String[] args) throws Exception {
        int loads = Integer.parseInt(args[1]);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            Thread thread = new Thread(() -> {
                for (int j = 0; j < loads; j++) {
                    load();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.in.read();
        System.out.println("done");
    }
}
