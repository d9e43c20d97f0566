package fleet;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One run: a cluster comes up, queries go over all of its workers, then each worker loads a segment, for one of them from a store that is slow for a while. Its load passes its limit of time and
 * Flink tries again every two seconds.
 */
final class Scenario {
    private static final int WORKERS = 3;
    private static final String SLOW_WORKER = "worker-2";
    private static final long LOOK_MILLIS = 250;
    /** Four JVMs start at once: seconds on a quiet machine. */
    private static final int START_SECONDS = 240;

    private final Settings settings;
    private final ObjectStore store;
    private final long entries;
    private final boolean ebb;
    private final Path directory;
    private final Journals journals;
    private final EbbLogs logs;
    private boolean workersLost;
    private long failedBefore;

    Scenario(Settings settings, ObjectStore store, long entries, boolean ebb) throws IOException {
        this.settings = settings;
        this.store = store;
        this.entries = entries;
        this.ebb = ebb;
        directory = settings.out().resolve(ebb ? "with-ebb" : "without-ebb");
        journals = new Journals(directory.resolve("journals"));
        logs = new EbbLogs(directory.resolve("ebb"));
    }

    Outcome run() throws IOException, InterruptedException {
        say("starting a coordinator and " + WORKERS + " workers");
        try (Cluster cluster = new Cluster(directory, settings.home().resolve("target/lib"), ebb ? logs.environment(settings.agent(), segments()) : Map.of())) {
            Rest rest = cluster.rest();
            cluster.start(WORKERS);
            Path jar = settings.home().resolve("target/fleet.jar");
            String queries = cluster.submit(jar, "fleet.jobs.QueryJob", List.of("--journals", journals.directory().toString(), "--per-second", "" + settings.queriesPerSecond()));
            for (Jvm worker : cluster.workers()) {
                Patience.until("queries are answered by " + worker.name(), START_SECONDS, () -> journals.read("queries", worker.name()).size() >= 10);
            }
            Map<String, Long> before = resident(cluster);
            // while tasks come up a checkpoint may fail: that is no news
            failedBefore = rest.checkpoints(queries, "failed");
            long from = System.currentTimeMillis();
            try (MemoryWatch watch = new MemoryWatch(cluster.workers()); View view = ebb ? view(cluster) : null) {
                store.throttle(SLOW_WORKER, settings.segmentBytes() / settings.slowSeconds());
                say("each worker loads a segment; for " + SLOW_WORKER + " the store is slow");
                cluster.submit(jar, "fleet.jobs.SegmentJob", List.of("--store", store.address(), "--directory", segments().toString(), "--journals", journals.directory().toString(),
                    "--timeout", "" + settings.timeoutMillis(), "--fresh", "" + settings.fresh(), "--entries", "" + entries, "--per-second", "" + settings.queriesPerSecond()));
                long fast = watchTheLoad(rest);
                return outcome(cluster, rest, queries, watch, view, before, from, fast);
            }
        }
    }

    /** @return null if there is no Prometheus here */
    private View view(Cluster cluster) throws IOException, InterruptedException {
        Map<String, String> addresses = new TreeMap<>();
        for (Jvm worker : cluster.workers()) {
            addresses.put(worker.name(), logs.metricsAddress(worker.name()));
        }
        return View.start(directory.resolve("prometheus"), settings.home().resolve("../prometheus/ebb.rules.yml"), addresses).orElse(null);
    }

    private Path segments() {
        return directory.resolve("segments");
    }

    /** @return when the store was made fast again */
    private long watchTheLoad(Rest rest) throws IOException, InterruptedException {
        Patience.until("the load of " + SLOW_WORKER + " has timed out", START_SECONDS, () -> count("timeout", SLOW_WORKER) > 0);
        long timedOut = first("timeout", 0);
        say("it has timed out");
        while (System.currentTimeMillis() < timedOut - settings.timeoutMillis() + settings.slowSeconds() * 1000L) {
            look(rest);
        }
        store.throttle(SLOW_WORKER, 0);
        long fast = System.currentTimeMillis();
        say("the store is fast again; " + settings.settleSeconds() + " s pass");
        while (System.currentTimeMillis() < fast + settings.settleSeconds() * 1000L) {
            look(rest);
        }
        return fast;
    }

    private void look(Rest rest) throws IOException, InterruptedException {
        workersLost |= rest.workers() != WORKERS;
        Thread.sleep(LOOK_MILLIS);
    }

    private Outcome outcome(Cluster cluster, Rest rest, String queries, MemoryWatch watch, View view, Map<String, Long> before, long from, long fast) throws IOException, InterruptedException {
        List<Outcome.WorkerOutcome> workers = new ArrayList<>();
        Map<String, Long> after = resident(cluster);
        for (Jvm jvm : cluster.workers()) {
            String name = jvm.name();
            List<Journals.Line> loads = journals.read("loads", name);
            boolean serves = !loads.isEmpty() && loads.stream().filter(line -> !line.what().equals("over")).reduce((a, b) -> b).orElseThrow().what().equals("loaded");
            workers.add(new Outcome.WorkerOutcome(name, before.get(name), watch.peakBytes(name), after.get(name), count("begin", name), count("timeout", name), count("failed", name), serves,
                journals.queries("queries", name, from), journals.queries("lookups", name, from)));
        }
        long timedOut = first("timeout", 0);
        long loaded = first("loaded", timedOut);
        return new Outcome(ebb, SLOW_WORKER, workers, loaded < 0 ? -1 : loaded - timedOut, loaded < 0 ? -1 : loaded - fast, count("over", SLOW_WORKER) == count("begin", SLOW_WORKER), verdicts(), workersLost,
            rest.restarts(queries), rest.checkpoints(queries, "completed"), rest.checkpoints(queries, "failed") - failedBefore, failures(), view == null ? List.of() : view.lines());
    }

    private static Map<String, Long> resident(Cluster cluster) {
        Map<String, Long> bytes = new HashMap<>();
        cluster.workers().forEach(worker -> bytes.put(worker.name(), worker.residentBytes()));
        return bytes;
    }

    /** Those of loads that timed out, one after the other; attempts that failed otherwise are none of them, unless they are rolled back. */
    private List<String> verdicts() throws IOException {
        List<String> verdicts = new ArrayList<>();
        for (JsonObject verdict : logs.events(SLOW_WORKER, "verdict")) {
            if (!"completed".equals(verdict.getString("outcome"))) {
                verdicts.add(String.format(Locale.ROOT, "load %d %s, %s, RSS before, peak, now %d, %d, %d MiB", verdict.getLong("load"), verdict.getString("outcome"), verdict.getString("verdict"),
                    verdict.getLong("rssBeforeBytes") >> 20, verdict.getLong("rssPeakBytes") >> 20, verdict.getLong("rssAfterBytes") >> 20));
            }
        }
        return verdicts;
    }

    private List<String> failures() throws IOException {
        return journals.read("loads", SLOW_WORKER).stream().filter(line -> line.what().equals("failed")).map(Journals.Line::text).distinct().toList();
    }

    private int count(String what, String worker) throws IOException {
        return (int) journals.read("loads", worker).stream().filter(line -> line.what().equals(what)).count();
    }

    /** When this first happened on the slow worker, at this time or later; -1 if it has not. */
    private long first(String what, long from) throws IOException {
        return journals.read("loads", SLOW_WORKER).stream().filter(line -> line.what().equals(what) && line.millis() >= from).mapToLong(Journals.Line::millis).findFirst().orElse(-1);
    }

    private void say(String what) {
        System.err.println((ebb ? "with Ebb: " : "without Ebb: ") + what);
    }
}
