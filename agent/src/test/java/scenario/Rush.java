package scenario;

import java.lang.management.ManagementFactory;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Two threads that work for no load, and load one thing after the other as fast as they can. */
final class Rush {
    private static final int THREADS = 2;

    /** The program's own, so that no load comes to these threads with their work. */
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final Callable<?> load;

    /** To be made outside any load. @param load calls the watched method */
    Rush(Callable<?> load) {
        this.load = load;
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::serve, "rush");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** How many loads there were, and the processor time that they took of their threads. */
    record Made(long loads, long cpuNanos) { }

    /** @param atLeast loads of each thread; @param nanos goes on for as long as that besides */
    Made run(int atLeast, long nanos) throws InterruptedException {
        AtomicLong loads = new AtomicLong();
        AtomicLong cpu = new AtomicLong();
        CountDownLatch done = new CountDownLatch(THREADS);
        long end = System.nanoTime() + nanos;
        for (int i = 0; i < THREADS; i++) {
            work.put(() -> {
                long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                long made = 0;
                while (made < atLeast || System.nanoTime() < end) {
                    call();
                    made++;
                }
                loads.addAndGet(made);
                cpu.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began);
                done.countDown();
            });
        }
        done.await();
        return new Made(loads.get(), cpu.get());
    }

    private void serve() {
        try {
            while (true) {
                work.take().run();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void call() {
        try {
            load.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
