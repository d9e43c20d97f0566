package scenario.chaos;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The process once a second: memory, descriptors, Ebb's threads. One thread. */
final class Samples implements AutoCloseable {
    private static final long PAGE_BYTES = 4_096;

    private record Sample(long rssMib, long heapMib, int descriptors, int ebbThreads) { }

    private final long startNanos = System.nanoTime();
    private final PrintWriter out;
    private final Accounts accounts;
    private final List<Sample> samples = new ArrayList<>();
    private long takenSecond = -1;

    Samples(Path file, Accounts accounts) throws IOException {
        this.accounts = accounts;
        out = new PrintWriter(Files.newBufferedWriter(file));
        out.println("second,rssMib,heapMib,descriptors,ebbThreads,loads,notUndone");
    }

    /** At most once a second. */
    void take() throws IOException {
        long second = (System.nanoTime() - startNanos) / 1_000_000_000;
        if (second == takenSecond) {
            return;
        }
        takenSecond = second;
        accounts.look();
        long rss = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE_BYTES >> 20;
        long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() >> 20;
        int ebb = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ebb += thread.getName().startsWith("ebb") ? 1 : 0;
        }
        Sample sample = new Sample(rss, heap, new File("/proc/self/fd").list().length, ebb);
        samples.add(sample);
        out.println(second + "," + sample.rssMib + "," + sample.heapMib + "," + sample.descriptors + "," + sample.ebbThreads + "," + accounts.loads() + ","
            + accounts.pending());
        out.flush();
    }

    /** Medians of the first third, after a tenth for warming up, and of the last. */
    String summary() {
        int tenth = samples.size() / 10;
        List<Sample> first = samples.subList(tenth, tenth + (samples.size() - tenth) / 3);
        List<Sample> last = samples.subList(samples.size() - first.size(), samples.size());
        return "samples " + samples.size() + " rss " + median(first, Sample::rssMib) + " " + median(last, Sample::rssMib) + " heap " + median(first, Sample::heapMib) + " "
            + median(last, Sample::heapMib) + " descriptors " + median(first, Sample::descriptors) + " " + median(last, Sample::descriptors) + " ebb "
            + median(first, Sample::ebbThreads) + " " + median(last, Sample::ebbThreads);
    }

    private static long median(List<Sample> samples, ToLongFunction<Sample> figure) {
        long[] sorted = samples.stream().mapToLong(figure).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    @Override
    public void close() {
        out.close();
    }
}
