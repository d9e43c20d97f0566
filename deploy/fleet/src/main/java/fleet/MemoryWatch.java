package fleet;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The highest resident memory of each worker since the start, looked at every 50 ms by a thread of its own. */
final class MemoryWatch implements AutoCloseable {
    private static final long APART_MILLIS = 50;

    private final List<Jvm> workers;
    private final Map<String, Long> peaks = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::watch, "memory-watch");
    private volatile boolean over;

    MemoryWatch(List<Jvm> workers) {
        this.workers = workers;
        thread.setDaemon(true);
        thread.start();
    }

    long peakBytes(String worker) {
        return peaks.getOrDefault(worker, 0L);
    }

    private void watch() {
        while (!over) {
            for (Jvm worker : workers) {
                peaks.merge(worker.name(), worker.residentBytes(), Math::max);
            }
            try {
                Thread.sleep(APART_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        over = true;
        thread.interrupt();
    }
}
