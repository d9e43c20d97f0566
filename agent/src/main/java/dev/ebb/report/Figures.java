package dev.ebb.report;

import dev.ebb.load.Event;
import dev.ebb.load.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How long loads, rollbacks and purges of this process took, and how much memory loads took, since the agent started. Called on Ebb's own threads; one private lock, held for
 * microseconds. HdrHistogram is loaded at the first record.
 */
public final class Figures {
    private static final long DAY_MICROS = TimeUnit.DAYS.toMicros(1);
    private static final long MOST_BYTES = 1L << 50;
    private static final List<String> VERDICTS = List.of("returned", "live", "held-by-thread", "held-by-heap", "held-by-allocator", "mapped", "page-cache", "on-disk", "unexplained");

    private final Object lock = new Object();
    private final long[] outcomes = new long[Outcome.values().length];
    private final Distribution load = new Distribution(DAY_MICROS);
    private final Distribution rollback = new Distribution(DAY_MICROS);
    private final Distribution purge = new Distribution(DAY_MICROS);
    private final Distribution offHeap = new Distribution(MOST_BYTES);
    private long loads;
    private long passedOver;
    private long releases;
    private long leaks;
    private long rollbacks;
    private long purges;
    private long purged;
    private long unexplained;
    /** All that there are, from the start: a counter that comes up with its first event has no rise that an alert could see. */
    private final Map<String, Long> verdicts = new TreeMap<>();

    public Figures() {
        VERDICTS.forEach(verdict -> verdicts.put(verdict, 0L));
    }

    /**
     * @param nanos from begin to end; beyond a day counts as a day
     * @param offHeapBytes what the load held off the heap when it ended, up to 2^50
     */
    public void recordLoad(Outcome outcome, long nanos, long offHeapBytes) {
        synchronized (lock) {
            loads++;
            outcomes[outcome.ordinal()]++;
            load.record(TimeUnit.NANOSECONDS.toMicros(nanos));
            offHeap.record(offHeapBytes);
        }
    }

    /** Loads that completed, and of which nothing else is known: they came faster than they could be looked at. */
    public void recordPassedOver(long completed) {
        synchronized (lock) {
            loads += completed;
            outcomes[Outcome.COMPLETED.ordinal()] += completed;
            passedOver += completed;
        }
    }

    /** @param nanos from the decision to the verdict; beyond a day counts as a day */
    public void recordRollback(long nanos) {
        synchronized (lock) {
            rollbacks++;
            rollback.record(TimeUnit.NANOSECONDS.toMicros(nanos));
        }
    }

    /** @param leaked whether something of what the load had brought in is still there */
    public void recordRelease(boolean leaked) {
        synchronized (lock) {
            releases++;
            leaks += leaked ? 1 : 0;
        }
    }

    /** @param verdict about a load, as it is logged @param unexplainedBytes by which RSS stays up for no known reason; less than 0 counts as none */
    public void recordVerdict(String verdict, long unexplainedBytes) {
        synchronized (lock) {
            verdicts.merge(verdict, 1L, Long::sum);
            // below its tolerance a verdict does not call it unexplained: it is what a JVM gains and loses by itself
            unexplained += verdict.equals("unexplained") ? Math.max(0, unexplainedBytes) : 0;
        }
    }

    /** @param nanos of one purge of all allocators; beyond a day counts as a day @param returnedBytes by which RSS fell, less than 0 counts as nothing */
    public void recordPurge(long nanos, long returnedBytes) {
        synchronized (lock) {
            purges++;
            purged += Math.max(0, returnedBytes);
            purge.record(TimeUnit.NANOSECONDS.toMicros(nanos));
        }
    }

    /** All of it at one moment. @param outcomes in the order of {@link Outcome}; @param load times in microseconds, as of {@code rollback} and {@code purge} */
    record Reading(long[] outcomes, Distribution.Reading load, Distribution.Reading offHeap, Distribution.Reading rollback, Distribution.Reading purge, long releases, long leaks,
                   Map<String, Long> verdicts, long purgedBytes, long unexplainedBytes) { }

    Reading read() {
        synchronized (lock) {
            return new Reading(outcomes.clone(), load.read(), offHeap.read(), rollback.read(), purge.read(), releases, leaks, Map.copyOf(verdicts), purged,
                unexplained);
        }
    }

    /** How many loads were recorded; equal at two moments if nothing ended between. */
    public long loads() {
        synchronized (lock) {
            return loads;
        }
    }

    /**
     * {@code ebb.summary}: counts by outcome, then the 50th, 90th and 99th percentile and the maximum of each figure that was recorded, cumulative since the start. Percentiles are up to
     * 0.1 % above the true value.
     */
    public Event summary() {
        synchronized (lock) {
            Event event = new Event(Event.Level.INFO, "ebb.summary").with("loads", loads);
            event.with("completed", outcomes[Outcome.COMPLETED.ordinal()]).with("failed", outcomes[Outcome.FAILED.ordinal()]);
            event.with("timedOut", outcomes[Outcome.TIMED_OUT.ordinal()]).with("abandoned", outcomes[Outcome.ABANDONED.ordinal()]);
            event.with("rollbacks", rollbacks).with("purges", purges);
            if (passedOver > 0) {
                event.with("unsaid", passedOver);
            }
            if (releases > 0) {
                event.with("releases", releases).with("releasesLeaked", leaks);
            }
            load.addMillis(event, "load");
            offHeap.addBytes(event, "offHeap");
            rollback.addMillis(event, "rollback");
            purge.addMillis(event, "purge");
            return event;
        }
    }
}
