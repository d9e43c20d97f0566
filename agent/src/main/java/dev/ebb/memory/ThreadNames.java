package dev.ebb.memory;

import java.util.HashMap;
import java.util.Map;

/** Names of the threads that run now, by their ids. */
final class ThreadNames {
    private final Map<Long, String> names = new HashMap<>();

    ThreadNames() {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        // some room for those that start meanwhile; what does not fit is left out
        Thread[] threads = new Thread[2 * top.activeCount() + 16];
        int count = top.enumerate(threads, true);
        for (int i = 0; i < count; i++) {
            names.put(threads[i].getId(), threads[i].getName());
        }
    }

    /** As {@code " of thread x"}. */
    String of(long id) {
        return " of thread " + names.getOrDefault(id, "with id " + id);
    }
}
