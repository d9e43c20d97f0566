package dev.ebb;

import dev.ebb.weave.Weaver;
import java.util.concurrent.locks.LockSupport;

/** Ebb's one thread, there from the first moment: it brings in what weaving needs beside the start, which has other things to do until then, and then does its work. */
final class WorkerThread implements Runnable {
    private final Thread thread;
    private volatile Runnable work;
    private volatile boolean given;

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

    /** What it does for the rest of its life. */
    void give(Runnable itsWork) {
        work = itsWork;
        end();
    }

    /** If nothing was given to it so far, nothing will be. */
    void end() {
        given = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        try {
            Weaver.warmUp();
        } catch (LinkageError e) {
            // of a damaged jar: premain says so
        }
        while (!given) {
            LockSupport.park(this);
        }
        if (work != null) {
            work.run();
        }
    }
}
