package segstore.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import segstore.Fault;
import segstore.LoadRefusedException;
import segstore.LoadedCollection;
import segstore.MemoryBudget;
import segstore.ObjectStore;
import segstore.Pace;
import segstore.SegmentStore;
import segstore.data.Generator;
import segstore.data.GroundTruth;
import segstore.data.Recipe;

/**
 * The scenario: a warm-up, a load that times out, half a minute of waiting for memory to come back, and a load that
 * should work. Never asks for a garbage collection.
 */
final class FailedLoad {
    private static final LongFunction<Pace> FULL = bytes -> Pace.FULL;
    private static final long LOADER_MINUTES = 30; // to end a load that nobody waits for

    private final RunOptions options;
    private final MemoryRecorder memory;
    private final Report report;
    private final ObjectStore objects;
    private Set<Long> threadsBefore = Set.of();
    private long failedAtNanos;

    FailedLoad(RunOptions options, MemoryRecorder memory, Report report) {
        this.options = options;
        this.memory = memory;
        this.report = report;
        this.objects = new ObjectStore(options.objects());
    }

    /** @throws IOException if anything goes wrong that is not part of the scenario */
    void run() throws IOException, InterruptedException {
        report.say("faults: %s", Fault.labels(options.faults()));
        MemoryBudget budget = new MemoryBudget(options.budgetBytes());
        try (SegmentStore store = new SegmentStore(objects, options.cache(), budget, options.loaders(),
                options.faults())) {
            warmUp(store);
            before();
            loadTooSlowly(store);
            awaitLoader(store);
            watch();
            leftOver(store, budget);
            loadAgain(store);
        }
    }

    /** Classes, code and buffers that any first load brings are not to count as left over. */
    private void warmUp(SegmentStore store) throws IOException, InterruptedException {
        Recipe small = new Recipe(RunOptions.LEAST_BYTES, Math.min(2, options.recipe().segments()),
                options.recipe().seed());
        Generator generator = new Generator(objects, small);
        if (!generator.isDone()) {
            generator.generate();
        }
        try (LoadedCollection collection = store.load(small.collection(), options.nextTimeoutSeconds(), FULL)) {
            report.say("warm-up: %s", SearchCheck.run(collection, small, truth(small)));
        } catch (TimeoutException | LoadRefusedException e) {
            throw new IOException("the warm-up did not load: " + e.getMessage(), e);
        }
    }

    private void before() throws IOException {
        memory.resetPeak();
        ProcessMemory now = memory.read();
        threadsBefore = threads().keySet();
        mark("Before", now);
    }

    private void loadTooSlowly(SegmentStore store) throws IOException, InterruptedException {
        Duration slow = Duration.ofSeconds(options.timeoutSeconds() * options.slow());
        report.result("loadStartMs", memory.elapsedMillis());
        report.say("loading %s within %d s from a store that takes %d s", options.recipe().collection(),
                options.timeoutSeconds(), slow.toSeconds());
        try (LoadedCollection collection = store.load(options.recipe().collection(), options.timeoutSeconds(),
                bytes -> Pace.slow(bytes, slow))) {
            throw new IOException(collection.bytes() + " bytes were loaded in time; raise --slow");
        } catch (TimeoutException e) {
            report.result("timeoutMs", memory.elapsedMillis());
            report.say("the caller got %s", e);
            mark("AtException", memory.read());
            if (!options.faults().contains(Fault.OUTLIVES_TIMEOUT)) {
                // the loader has cleaned up; its thread may have a few steps to go
                store.awaitIdle(Duration.ofSeconds(1));
            }
            report.result("loadsUnderWayAtException", store.loadsUnderWay());
        } catch (LoadRefusedException e) {
            throw new IOException("the load was refused: " + e.getMessage(), e);
        }
    }

    private void awaitLoader(SegmentStore store) throws IOException, InterruptedException {
        if (!store.awaitIdle(Duration.ofMinutes(LOADER_MINUTES))) {
            throw new IOException("the loader did not end within " + LOADER_MINUTES + " minutes");
        }
        failedAtNanos = System.nanoTime();
        report.result("loaderEndMs", memory.elapsedMillis());
        mark("AtLoaderEnd", memory.read());
    }

    private void watch() throws IOException, InterruptedException {
        for (long seconds : options.marks()) {
            long due = failedAtNanos + TimeUnit.SECONDS.toNanos(seconds);
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            mark("After" + seconds + "s", memory.read());
        }
        report.result("rssPeakBytes", memory.peak());
    }

    private void leftOver(SegmentStore store, MemoryBudget budget) throws IOException {
        Map<Long, String> threads = threads();
        threads.keySet().removeAll(threadsBefore);
        List<Path> files = filesInCache();
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        report.say("left over: threads %s, %d files of %.1f MiB, %.1f MiB reserved, %d segments being loaded",
                threads.values(), files.size(), Report.mib(bytes), Report.mib(budget.reservedBytes()),
                store.segmentsLoading());
        report.result("threadsLeft", threads.size());
        report.result("filesLeft", files.size());
        report.result("fileBytesLeft", bytes);
        report.result("reservedBytesLeft", budget.reservedBytes());
        report.result("segmentsInMap", store.segmentsLoading());
    }

    private void loadAgain(SegmentStore store) throws IOException, InterruptedException {
        report.result("nextLoadStartMs", memory.elapsedMillis());
        try (LoadedCollection collection = store.load(options.recipe().collection(), options.nextTimeoutSeconds(),
                FULL)) {
            report.result("nextLoad", "accepted");
            SearchCheck check = SearchCheck.run(collection, options.recipe(), truth(options.recipe()));
            report.say("the next load was accepted: %s", check);
            report.result("recall", check.recall());
            report.result("sparseRecall", check.sparseRecall());
            report.result("filtered", check.filtered());
        } catch (LoadRefusedException e) {
            report.say("the next load was refused: %s", e.getMessage());
            report.result("nextLoad", "refused");
        } catch (TimeoutException e) {
            throw new IOException("the next load: " + e.getMessage() + "; raise --next-timeout", e);
        }
        mark("AtEnd", memory.read());
    }

    /** Java's threads; those of the compiler and the collector come and go as they please. */
    private static Map<Long, String> threads() {
        Map<Long, String> names = new HashMap<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> names.put(thread.getId(), thread.getName()));
        return names;
    }

    private GroundTruth truth(Recipe recipe) throws IOException {
        return GroundTruth.read(objects.folder(recipe.collection()));
    }

    private List<Path> filesInCache() throws IOException {
        try (Stream<Path> files = Files.walk(options.cache())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private void mark(String name, ProcessMemory now) {
        report.say("RSS %-11s %8.1f MiB (%.1f anonymous, %.1f file)", name, Report.mib(now.rss()),
                Report.mib(now.anonymous()), Report.mib(now.file()));
        report.result("rss" + name + "Bytes", now.rss());
    }
}
