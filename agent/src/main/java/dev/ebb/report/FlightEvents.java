package dev.ebb.report;

import dev.ebb.load.Event;
import dev.ebb.load.Load;
import java.util.ArrayList;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;

/**
 * Writes what the log tells into a recording of JDK Flight Recorder. Its events are registered with the recorder as they are loaded, so this class is for {@link FlightSink} alone, which
 * touches it when there is a recorder. One thread at a time.
 */
final class FlightEvents {
    /** More ends without a verdict are forgotten. */
    private static final int ENDED = 10_000;
    private static final Set<String> ABOUT = Set.of("load", "label", "method", "step", "returnedBytes", "tookMs");

    /** When the last recording began, which is to be told of all loads that are open: the recorder is there some time before the first. Null once it was. */
    private volatile Instant another;
    /** By number: when those that are in {@link #begun} were told. A recording is said to run some time after it does, and may have them already. */
    private final Map<Long, Instant> told = new HashMap<>();
    /** By number: loads that were seen and whose end was not told. */
    private final Map<Long, LoadEvent> begun = new HashMap<>();
    /** By number: loads whose end was told, and which have no verdict. */
    private final Map<Long, RollbackEvent> ended = new HashMap<>();

    /** What all events about one load begin with. */
    @Category("Ebb")
    @StackTrace(false)
    abstract static class AboutLoad extends jdk.jfr.Event {
        @Label("Load")
        @Description("Number of the load in this process, as in Ebb's log")
        long load;

        @Label("Label")
        String label;

        @Label("Watched Method")
        String method;

        void about(Event event) {
            load = event.number("load");
            label = text(event.value("label"));
            method = text(event.value("method"));
        }
    }

    @Name("dev.ebb.LoadBegin")
    @Label("Load Begin")
    @Description("A load has begun; written within some 10 ms")
    static final class LoadBegin extends AboutLoad {
        @Label("Began")
        @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
        long began;
    }

    @Name("dev.ebb.Load")
    @Label("Load")
    @Description("A load has ended: what it holds then")
    static final class LoadEvent extends AboutLoad {
        @Label("Outcome")
        String outcome;

        @Label("Cause")
        String cause;

        @Label("Load Time")
        @Description("From its begin to its end; the event's own duration begins when Ebb saw the load first")
        @Timespan(Timespan.MILLISECONDS)
        long loadTime;

        @Label("Threads Born")
        long threadsBorn;

        @Label("Threads Alive")
        long threadsAlive;

        @Label("Heap Allocated")
        @DataAmount
        long heap;

        @Label("Direct Buffers")
        @DataAmount
        long direct;

        @Label("Mapped")
        @DataAmount
        long mapped;

        @Label("Foreign Memory")
        @DataAmount
        long foreign;

        @Label("Native Memory")
        @DataAmount
        long nativeMemory;

        @Label("Open Files")
        long openFiles;

        @Label("On Disk")
        @DataAmount
        long disk;

        @Label("RSS Before")
        @DataAmount
        long rssBefore;

        @Label("RSS Peak")
        @DataAmount
        long rssPeak;

        void fill(Event event) {
            about(event);
            outcome = text(event.value("outcome"));
            cause = text(event.value("cause"));
            loadTime = event.number("durationMs");
            threadsBorn = event.number("threadsBorn");
            threadsAlive = event.number("threadsAlive");
            heap = event.number("heapBytes");
            direct = event.number("directBytes");
            mapped = event.number("mappedBytes");
            foreign = event.number("foreignBytes");
            nativeMemory = event.number("nativeBytes");
            openFiles = event.number("openFiles");
            disk = event.number("diskBytes");
            rssBefore = event.number("rssBeforeBytes");
            rssPeak = event.number("rssPeakBytes");
        }
    }

    @Name("dev.ebb.RollbackStep")
    @Label("Rollback Step")
    @Description("A rung of the ladder by which a load is rolled back")
    static final class RollbackStep extends AboutLoad {
        @Label("Step")
        String step;

        @Label("Returned")
        @Description("How far RSS fell")
        @DataAmount
        long returned;

        @Label("Took")
        @Timespan(Timespan.MILLISECONDS)
        long took;

        @Label("Details")
        @Description("What else the line of the log says")
        String details;
    }

    @Name("dev.ebb.Rollback")
    @Label("Rollback")
    @Description("The verdict about a load that ended badly: where its bytes are")
    static final class RollbackEvent extends AboutLoad {
        @Label("Verdict")
        String verdict;

        @Label("Outcome")
        String outcome;

        @Label("Rollback Time")
        @Timespan(Timespan.MILLISECONDS)
        long rollbackTime;

        @Label("RSS Before")
        @DataAmount
        long rssBefore;

        @Label("RSS Peak")
        @DataAmount
        long rssPeak;

        @Label("RSS After")
        @DataAmount
        long rssAfter;

        @Label("Purged")
        @DataAmount
        long purged;

        @Label("Ebb")
        @Description("How far RSS fell: (peak - after) / (peak - before); not a number if that is not known")
        double ebb;

        @Label("Holders")
        String holders;

        void fill(Event event) {
            about(event);
            verdict = text(event.value("verdict"));
            outcome = text(event.value("outcome"));
            rollbackTime = event.number("rollbackMs");
            rssBefore = event.number("rssBeforeBytes");
            rssPeak = event.number("rssPeakBytes");
            rssAfter = event.number("rssAfterBytes");
            purged = event.number("purgedBytes");
            ebb = event.value("ebb") instanceof Double ? (Double) event.value("ebb") : Double.NaN;
            holders = text(event.value("holders"));
        }
    }

    @Name("dev.ebb.Purge")
    @Label("Purge")
    @Description("Allocators were made to return what they did not need")
    @Category("Ebb")
    @StackTrace(false)
    static final class Purge extends jdk.jfr.Event {
        @Label("Loads")
        String loads;

        @Label("Allocator")
        String allocator;

        @Label("Way")
        String way;

        @Label("Purged")
        @Description("How far RSS fell")
        @DataAmount
        long purged;

        @Label("Purge Time")
        @Timespan(Timespan.MILLISECONDS)
        long purgeTime;

        @Label("Allocated")
        @Description("What the allocator has handed out")
        @DataAmount
        long allocated;

        @Label("Cached")
        @Description("What the allocator keeps")
        @DataAmount
        long cached;
    }

    @Name("dev.ebb.ThreadLeak")
    @Label("Thread Leak")
    @Description("A thread that a load has started lives on after the load has ended")
    static final class ThreadLeak extends AboutLoad {
        @Label("Leaked Thread")
        String leaked;

        @Label("Stack")
        String stack;
    }

    FlightEvents() {
        FlightRecorder.addListener(new FlightRecorderListener() {
            @Override
            public void recordingStateChanged(Recording recording) {
                if (recording.getState() == RecordingState.RUNNING) {
                    another = recording.getStartTime();
                }
            }
        });
    }

    /** @param undecided all loads whose end is not told; most of those that have begun since the last call are new here */
    void look(Collection<Load> undecided) {
        Instant since = another;
        if (since != null) {
            another = null;
            told.values().removeIf(at -> at.isBefore(since));
            begun.keySet().retainAll(told.keySet());
        }
        Set<Long> now = new HashSet<>();
        for (Load load : undecided) {
            now.add(load.id());
            if (!load.quiet() && !begun.containsKey(load.id()) && !ended.containsKey(load.id())) {
                begin(load.id(), load.label(), load.site().method(), TimeUnit.NANOSECONDS.toMillis(load.durationNanos()));
            }
        }
        // those that came faster than they could be told of
        begun.keySet().retainAll(now);
        told.keySet().retainAll(begun.keySet());
        ended.keySet().retainAll(now);
    }

    void write(Event event) {
        switch (event.name()) {
            case "load.completed", "load.failed", "load.timed-out", "load.abandoned" -> end(event);
            case "rollback.step" -> step(event);
            case "verdict" -> decide(event);
            case "purge.done" -> purge(event);
            case "thread.leaked" -> leak(event);
            default -> { }
        }
    }

    private LoadEvent begin(long id, String label, String method, long ageMillis) {
        LoadBegin begin = new LoadBegin();
        begin.load = id;
        begin.label = label;
        begin.method = method;
        begin.began = System.currentTimeMillis() - ageMillis;
        // a recording that runs by now has it, whenever it says that it began
        boolean recorded = begin.isEnabled();
        begin.commit();
        LoadEvent load = new LoadEvent();
        load.begin();
        begun.put(id, load);
        told.put(id, recorded ? Instant.now() : Instant.MIN);
        return load;
    }

    private void end(Event event) {
        long id = event.number("load");
        LoadEvent load = begun.remove(id);
        if (load == null) {
            load = begin(id, text(event.value("label")), text(event.value("method")), event.number("durationMs"));
            begun.remove(id);
        }
        load.fill(event);
        load.commit();
        if (ended.size() >= ENDED) {
            ended.clear();
        }
        RollbackEvent rollback = new RollbackEvent();
        rollback.begin();
        ended.put(id, rollback);
    }

    private static void step(Event event) {
        RollbackStep step = new RollbackStep();
        step.about(event);
        step.step = text(event.value("step"));
        step.returned = event.number("returnedBytes");
        step.took = event.number(event.value("waitedMs") != null ? "waitedMs" : "tookMs");
        List<String> details = new ArrayList<>();
        for (Event.Field field : event.fields()) {
            if (!ABOUT.contains(field.name()) && field.value() != null) {
                details.add(field.name() + "=" + field.value());
            }
        }
        step.details = String.join(" ", details);
        step.commit();
    }

    /** One that is held may get another verdict later. */
    private void decide(Event event) {
        RollbackEvent rollback = ended.remove(event.number("load"));
        rollback = rollback == null ? new RollbackEvent() : rollback;
        rollback.fill(event);
        rollback.commit();
    }

    private static void purge(Event event) {
        Purge purge = new Purge();
        purge.loads = text(event.value("loads"));
        purge.allocator = text(event.value("allocator"));
        purge.way = text(event.value("way"));
        purge.purged = event.number("purgedBytes");
        purge.purgeTime = event.number("purgeMs");
        purge.allocated = event.number("allocatedBytes");
        purge.cached = event.number("cachedBytes");
        purge.commit();
    }

    private static void leak(Event event) {
        ThreadLeak leak = new ThreadLeak();
        leak.about(event);
        leak.leaked = text(event.value("thread"));
        leak.stack = text(event.value("stack"));
        leak.commit();
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }
}
