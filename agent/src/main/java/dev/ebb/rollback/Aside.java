package dev.ebb.rollback;

import dev.ebb.load.LoadRegistry;

/** Work of Ebb's own that may hang, on a thread made for it: the worker has other loads to look at. Started and asked by the worker. */
final class Aside {
    private final Thread thread;
    private volatile Throwable failure;
    private volatile boolean finished;

    private Aside(String name, LoadRegistry registry, Runnable work) {
        thread = new Thread(null, () -> run(registry, work), name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    }

    /** @param work what it writes may be read by the worker once it is {@link #finished} */
    static Aside start(String name, LoadRegistry registry, Runnable work) {
        Aside aside = new Aside(name, registry, work);
        aside.thread.start();
        return aside;
    }

    boolean finished() {
        return finished;
    }

    /** What ended it early, or null. */
    Throwable failure() {
        return failure;
    }

    /** Where it stands. */
    String holder() {
        return Holders.describe(thread);
    }

    private void run(LoadRegistry registry, Runnable work) {
        try {
            registry.ignoreThisThread();
            work.run();
        } catch (Throwable t) {
            failure = t;
        } finally {
            finished = true;
        }
    }
}
