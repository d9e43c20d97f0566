package dev.ebb.memory;

import dev.ebb.testing.NativeCalls;
import java.util.concurrent.atomic.AtomicLong;

/** Purges beside threads that allocate, collect garbage and start programs, until each has had its rounds. A program of its own; says {@code done} if nothing hung or crashed. */
final class PurgeSoak {
    private static final int ROUNDS = 20;
    private static final long MALLOC = NativeCalls.symbol(0, "malloc");
    private static final long FREE = NativeCalls.symbol(0, "free");

    private static volatile boolean stopped;
    private static volatile Object garbage;

    private PurgeSoak() { }

    public static void main(String[] args) throws Exception {
        ProcessMemory memory = new ProcessMemory(null, (where, cause, remedy) -> System.out.println("trouble=" + where + " " + cause));
        AtomicLong collections = repeat(() -> {
            garbage = new byte[1 << 20];
            System.gc();
        });
        AtomicLong programs = repeat(() -> new ProcessBuilder("/bin/true").start().waitFor());
        AtomicLong blocks = repeat(() -> NativeCalls.release(FREE, NativeCalls.allocate(MALLOC, 400, 60_000), 400, 0));
        int purges = 0;
        while (purges < ROUNDS || collections.get() < ROUNDS || programs.get() < ROUNDS || blocks.get() < ROUNDS) {
            // what the purge is to return, so that it is not skipped
            NativeCalls.release(FREE, NativeCalls.allocate(MALLOC, 400, 60_000), 400, 100);
            purges += memory.purge().way().equals("skipped") ? 0 : 1;
            memory.account();
            memory.flushThreadCache();
        }
        stopped = true;
        System.out.println("done");
    }

    private interface Work {
        void run() throws Exception;
    }

    private static AtomicLong repeat(Work work) {
        AtomicLong rounds = new AtomicLong();
        Thread thread = new Thread(() -> {
            while (!stopped) {
                try {
                    work.run();
                    rounds.incrementAndGet();
                } catch (Exception e) {
                    System.out.println("trouble=" + e);
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return rounds;
    }
}
