package fleet.jobs;

import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/**
 * Looks each number up in a segment that its {@code open} has loaded, on a pool of the worker's and with a limit of time, as functions do that must not hang a deployment. If the load takes
 * too long the task fails, and Flink starts it again: that is the next load.
 */
final class SegmentLookup extends RichMapFunction<Long, Boolean> {
    /** One for the worker, whichever attempt of a task asks. */
    private static final ExecutorService LOADERS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "segment-loader");
        thread.setDaemon(true);
        return thread;
    });

    private final String store;
    private final String directory;
    private final boolean fresh;
    private final String journals;
    private final long timeoutMillis;
    private final long entries;
    private transient Journal journal;
    private transient Tally tally;
    private transient Segment segment;

    /**
     * @param directory in which a worker keeps its segments, below a directory of its own name
     * @param fresh whether each attempt gets a directory of its own there, so that none is in another's way; else all use the same
     * @param entries of the segment, from 0 on
     */
    SegmentLookup(String store, String directory, boolean fresh, String journals, long timeoutMillis, long entries) {
        this.store = store;
        this.directory = directory;
        this.fresh = fresh;
        this.journals = journals;
        this.timeoutMillis = timeoutMillis;
        this.entries = entries;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        journal = new Journal(journals, "loads");
        String worker = Journal.worker();
        SegmentLoader loader = new SegmentLoader(store + worker + "/", fresh ? Path.of(directory, worker, UUID.randomUUID().toString()) : Path.of(directory, worker));
        String name = "segment-" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        journal.add("begin " + name);
        Future<Segment> loading = LOADERS.submit(() -> {
            try {
                return loader.load(name);
            } finally {
                journal.add("over " + name);
            }
        });
        try {
            segment = loading.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            journal.add("timeout " + name);
            throw new TimeoutException(name + " was not loaded within " + timeoutMillis + " ms");
        } catch (Exception e) {
            journal.add("failed " + name + " " + e.getMessage());
            throw e;
        }
        journal.add("loaded " + name);
        tally = new Tally(new Journal(journals, "lookups"), "lookups");
    }

    @Override
    public Boolean map(Long number) throws Exception {
        long began = System.nanoTime();
        byte[] value = segment.get(number % entries);
        boolean right = value != null && value.length > 0;
        tally.count(right, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        return right;
    }

    @Override
    public void close() {
        if (segment != null) {
            tally.write();
            segment.close();
        }
    }
}
