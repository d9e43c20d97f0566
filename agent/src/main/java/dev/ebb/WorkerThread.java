package dev.ebb;

import dev.ebb.weave.Weaver;
import java.util.concurrent.locks.LockSupport;

/** Ebb's one thread, there from the first moment: it brings in what weaving needs beside the start, which has other things to do until then, makes what a start can do without when the start is over, and then works. */
final class WorkerThread implements Runnable {
    private final Thread thread;
    private volatile Instance instance;
    private volatile boolean over;

    private WorkerThread() {
        thread = new Thread(null, this, "ebb-worker", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    }

    static WorkerThread start() {
        WorkerThread worker = new WorkerThread();
        worker.thread.start();
        return worker;
    }

    Thread itself() {
        return thread;
    }

    /** The start is over. @param what it makes now and runs from then on; null if nothing came of the start */
    void go(Instance what) {
        instance = what;
        over = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        try {
            Weaver.warmUp();
        } catch (LinkageError e) {
            // of a damaged jar: premain says so
        }
        while (!over) {
            LockSupport.park(this);
        }
        Instance its = instance;
        if (its != null) {
            its.make();
            its.run();
        }
    }
}
