import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * Repeats a load that completes, closes what it made each time, and prints what one takes: by the clock, of the processor by the thread that loads, and of
 * the processor in all threads together, what is closed and collected included. Ebb, if
 * it is there, has to say of the first one that it holds so much, and to tell of all.
 */
final class LoadTimes {
    interface Loader {
        AutoCloseable load() throws Exception;
    }

    private LoadTimes() { }

    /** @param held a field of Ebb's line about a load, and the least that it has to be while what was loaded is open */
    static void print(String name, int warmUp, int loads, Loader loader, String held, long atLeast) throws Exception {
        AutoCloseable first = loader.load();
        if (EbbLog.isExpected()) {
            String line = EbbLog.await("load.completed", 1).get(0);
            EbbLog.check(EbbLog.number(line, held) >= atLeast, held + " of at least " + atLeast + " in " + line);
        }
        first.close();
        for (int i = 1; i < warmUp; i++) {
            loader.load().close();
        }
        long[] nanos = new long[loads];
        long[] own = new long[loads];
        long cpu = cpuNanos();
        for (int i = 0; i < loads; i++) {
            long begun = System.nanoTime();
            long ownBegun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            AutoCloseable loaded = loader.load();
            own[i] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - ownBegun;
            nanos[i] = System.nanoTime() - begun;
            loaded.close();
        }
        cpu = cpuNanos() - cpu;
        if (EbbLog.isExpected()) {
            List<String> lines = EbbLog.await("load.completed", warmUp + loads);
            EbbLog.check(lines.size() == warmUp + loads, lines.size() + " loads and not " + (warmUp + loads));
        }
        Arrays.sort(nanos);
        Arrays.sort(own);
        System.out.printf("figure|%s, ms by the clock|%.4f%n", name, nanos[loads / 2] / 1e6);
        System.out.printf("figure|%s, ms of the processor by its own thread|%.4f%n", name, own[loads / 2] / 1e6);
        System.out.printf("figure|%s, ms of the processor|%.4f%n", name, cpu / 1e6 / loads);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
