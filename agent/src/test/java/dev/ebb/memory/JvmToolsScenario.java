package dev.ebb.memory;

import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;

/** Stops threads that would never end by themselves, and collects; prints what became of it as {@code name=value}. Runs in a JVM of its own. */
final class JvmToolsScenario {
    private static volatile long turns;

    private JvmToolsScenario() { }

    private static final class Stopped extends Error {
        private static final long serialVersionUID = 1;
    }

    public static void main(String[] arguments) throws Exception {
        JvmTools tools = new ProcessMemory(System.getProperty("scenario.native.path"), (where, cause, remedy) -> System.out.println("trouble=" + where + " " + cause)).tools();
        Thread busy = start("busy", JvmToolsScenario::turn);
        while (turns == 0) {
            Thread.onSpinWait();
        }
        stop(tools, busy);
        Thread deaf = start("deaf", JvmToolsScenario::waitDeaf);
        while (deaf.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        stop(tools, deaf);
        Thread ended = new Thread(() -> { });
        ended.start();
        ended.join();
        System.out.println("ended=" + tools.stop(ended, new Stopped()));
        if (Runtime.version().feature() >= 21) {
            CountDownLatch end = new CountDownLatch(1);
            Thread virtual = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, (Runnable) () -> await(end));
            System.out.println("virtual=" + tools.stop(virtual, new Stopped()));
            end.countDown();
            virtual.join();
        }
        collect(tools);
        System.out.println("end");
    }

    private static void stop(JvmTools tools, Thread thread) throws InterruptedException {
        String answer = tools.stop(thread, new Stopped());
        System.out.println(thread.getName() + "=" + answer);
        if (answer.isEmpty()) {
            thread.join();
        }
    }

    private static void collect(JvmTools tools) {
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        System.gc();
        System.out.println("by gc=" + garbage.refersTo(null));
        System.out.println("collect=" + tools.collect());
        System.out.println("by tools=" + garbage.refersTo(null));
    }

    private static Thread start(String name, Runnable body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Stopped e) {
                System.out.println(name + " stopped");
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void turn() {
        while (true) {
            turns++;
        }
    }

    private static void waitDeaf() {
        Object never = new Object();
        while (true) {
            try {
                synchronized (never) {
                    never.wait();
                }
            } catch (InterruptedException ignored) {
                // as native code would
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
