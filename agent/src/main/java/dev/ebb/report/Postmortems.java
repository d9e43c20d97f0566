package dev.ebb.report;

import dev.ebb.load.Event;
import dev.ebb.load.EventSink;
import dev.ebb.load.Load;
import dev.ebb.load.MemoryAccount;
import dev.ebb.load.Purged;
import dev.ebb.load.ResourceKind;
import dev.ebb.load.Trouble;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Hears what is logged and, for each load with a verdict, has a page, its JSON twin and the histograms written to {@code ebb.report.dir}; once more when RSS was looked
 * at again. Events and samples come on Ebb's own threads, which only collect; one thread {@code ebb-report} writes. When it does not keep up, reports are left out.
 */
public final class Postmortems implements EventSink {
    private static final int STORIES = 1_000;
    private static final int WAITING = 64;
    private static final long ACCOUNT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final String REMEDY = "no report is written until ebb.report.dir is a directory that can be written, with room; all else goes on";

    private final EventSink log;
    private final Surroundings surroundings;
    private final ReportDirectory directory;
    private final Trouble trouble;
    private final Timeline timeline = new Timeline();
    private final AllocatorSamples allocators;
    private final Map<Long, Story> stories = new LinkedHashMap<>();
    private final GoodLoads good = new GoodLoads();
    private final long beganMillis = System.currentTimeMillis();
    private final HistogramLog histograms = new HistogramLog(beganMillis);
    private final BlockingQueue<Story> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicInteger unfinished = new AtomicInteger();
    private Thread writer;
    private volatile boolean closed;
    private MemoryAccount account;
    private long accountNanos;

    /**
     * What reports need of others.
     *
     * @param loads that are not decided
     * @param allocators what they hold, with nothing changed; asked with a sample now and then
     * @param account where the memory is; slow, asked on the writing thread alone; null if that cannot be told
     * @param options name, value and source of each
     * @param asEbb to be run first on the writing thread: what it takes is Ebb's own
     */
    public record Surroundings(Supplier<? extends Collection<Load>> loads, Supplier<Purged> allocators, Supplier<MemoryAccount> account, List<String[]> options, String version, Runnable asEbb) { }

    /** The directory is made with the first report. @param keep so many post-mortems at most @param mostBytes of all files together */
    public Postmortems(EventSink log, Surroundings surroundings, String directory, int keep, long mostBytes, Trouble trouble) {
        this.log = log;
        this.surroundings = surroundings;
        this.allocators = new AllocatorSamples(surroundings.allocators());
        this.directory = new ReportDirectory(directory, keep, mostBytes);
        this.trouble = trouble;
    }

    @Override
    public void event(Event event) {
        log.event(event);
        try {
            collect(event);
        } catch (RuntimeException | Error e) {
            trouble.report("report", e, null);
        }
    }

    /** RSS was read. @param sharedBytes of it, pages of files and shared memory */
    public void sampled(long rssBytes, long sharedBytes) {
        sampled(System.currentTimeMillis(), rssBytes, sharedBytes);
    }

    /** @param millis since the epoch */
    void sampled(long millis, long rssBytes, long sharedBytes) {
        long direct = 0;
        long mapped = 0;
        long foreign = 0;
        for (Load load : surroundings.loads().get()) {
            direct += load.ledger().liveBytes(ResourceKind.DIRECT);
            mapped += load.ledger().liveBytes(ResourceKind.MAPPED);
            foreign += load.ledger().liveBytes(ResourceKind.ARENA) + load.ledger().liveBytes(ResourceKind.UNSAFE);
        }
        allocators.look();
        timeline.add(new Timeline.Sample(millis, rssBytes, sharedBytes, Runtime.getRuntime().totalMemory(), direct, mapped, foreign, allocators.liveBytes(), allocators.residentBytes()));
    }

    /** Waits for what is being written. @param millis at most */
    public void finish(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (unfinished) {
            for (long left = millis; unfinished.get() > 0 && left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                try {
                    unfinished.wait(left);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    /** No more are written. */
    public synchronized void close() {
        closed = true;
        if (writer != null) {
            writer.interrupt();
        }
    }

    private synchronized void collect(Event event) {
        Object id = event.value("load");
        if (event.name().equals("purge.done")) {
            Object loads = event.value("loads");
            for (Story story : stories.values()) {
                if (loads instanceof List && ((List<?>) loads).contains(String.valueOf(story.id))) {
                    story.add(event);
                }
            }
        } else if (event.name().equals("load.completed")) {
            good.record(event);
            histograms.record("load." + event.value("method"), TimeUnit.MILLISECONDS.toMicros(event.number("durationMs")));
        } else if (id instanceof Long && (event.name().equals("verdict") || event.name().startsWith("load.") || event.name().startsWith("rollback."))) {
            add(event, (Long) id);
        }
    }

    private void add(Event event, Long id) {
        boolean recheck = "recheck".equals(event.value("step"));
        Story story = stories.get(id);
        if (story == null) {
            if (recheck) {
                return;
            }
            story = new Story(id, String.valueOf(event.value("label")), String.valueOf(event.value("method")));
            if (stories.size() == STORIES) {
                stories.remove(stories.keySet().iterator().next());
            }
            stories.put(id, story);
        }
        story.add(event);
        story.look(find(id));
        if (event.name().equals("verdict")) {
            histograms.record("rollback." + story.method, TimeUnit.MILLISECONDS.toMicros(event.number("rollbackMs")));
        }
        if (event.name().equals("verdict") || recheck) {
            write(story.copy());
        }
        if (recheck) {
            stories.remove(id);
        }
    }

    private Load find(long id) {
        for (Load load : surroundings.loads().get()) {
            if (load.id() == id) {
                return load;
            }
        }
        return null;
    }

    private void write(Story story) {
        if (story.beganMillis == 0) {
            story.beganMillis = story.events.get(0).timeMillis() - story.number("durationMs");
        }
        if (closed) {
            return;
        }
        unfinished.incrementAndGet();
        if (!waiting.offer(story)) {
            unfinished.decrementAndGet();
            trouble.report("report", new IllegalStateException("verdicts come faster than reports can be written: some loads get none"), null);
        } else if (writer == null) {
            writer = new Thread(null, this::run, "ebb-report", 0, false);
            writer.setDaemon(true);
            writer.setContextClassLoader(ClassLoader.getPlatformClassLoader());
            writer.start();
        }
    }

    // ---- on the writing thread

    private void run() {
        surroundings.asEbb().run();
        while (true) {
            try {
                report(waiting.take());
            } catch (InterruptedException notMeantForEbb) {
                if (closed) {
                    return;
                }
                continue;
            } catch (IOException e) {
                trouble.report("report", new IOException("no report could be written: " + e, e), REMEDY);
            } catch (RuntimeException | Error e) {
                trouble.report("report", e, REMEDY);
            }
            synchronized (unfinished) {
                unfinished.decrementAndGet();
                unfinished.notifyAll();
            }
        }
    }

    private void report(Story story) throws IOException {
        long pid = ProcessHandle.current().pid();
        String name = "ebb-" + stamp(story.beganMillis) + "-" + pid + "-" + story.id;
        Event earlier;
        synchronized (this) {
            earlier = good.of(story.method);
        }
        // a tenth before it, to see from where RSS rose
        long from = story.beganMillis - Math.max(100, (System.currentTimeMillis() - story.beganMillis) / 10);
        PostmortemData data = new PostmortemData(story, timeline.since(from), earlier, account(), surroundings.options(), surroundings.version());
        directory.write(name + ".json", data.json());
        directory.write(name + ".html", new PostmortemPage(data).html());
        directory.write("ebb-" + stamp(beganMillis) + "-" + pid + ".hlog", histograms.text(System.currentTimeMillis()));
        directory.prune(name);
        directory.write("index.html", IndexPage.html(directory.summaries()));
        log.event(new Event(Event.Level.INFO, "report.written").with("load", story.id).with("label", story.label).with("method", story.method).with("file", name + ".html"));
    }

    private MemoryAccount account() {
        if (account == null || System.nanoTime() - accountNanos > ACCOUNT_NANOS) {
            account = surroundings.account().get();
            accountNanos = System.nanoTime();
        }
        return account;
    }

    /** {@code 20261123T224327771Z}: sorts by time, and is a name on every file system. */
    private static String stamp(long millis) {
        return LogTime.text(millis).replaceAll("[-:.]", "");
    }
}
