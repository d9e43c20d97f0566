package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.FieldReader;
import dev.ebb.load.HeapWalker;
import dev.ebb.load.HeapWalker.Limits;
import dev.ebb.load.HeapWalker.Path;
import dev.ebb.load.HeapWalker.Root;
import dev.ebb.load.HeapWalker.Search;
import dev.ebb.load.HolderSearch;
import dev.ebb.load.Load;
import dev.ebb.load.Trouble;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Finds out what keeps in reach what a load has left: the cheap ways first, which stop nobody, then what stacks and threads hold, which stops the JVM for
 * milliseconds, then a walk through the heap, which stops it for seconds a GiB and so is made by itself only where its cost is known to be small. Thread-safe;
 * asked by the worker, and by whoever asks for a load on demand.
 */
public final class Retention implements HolderSearch {
    /** Objects and time for one search through fields; some 100 bytes of garbage for each object. */
    private static final int OBJECTS = 200_000;
    private static final long SEARCH_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final int PASSES = 24;
    private static final int PATHS_ON_DEMAND = 3;
    private static final long PASS_ON_DEMAND_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int REMEMBERED = 256;
    /** What searches that nobody has asked for may take: so much at once, and in the long run one part in {@link #SHARE} of the time. */
    private static final long AT_ONCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int SHARE = 4;

    private final FieldReader fields;
    private final HeapWalker walker;
    private final WalkCost cost;
    private final EventSink events;
    private final Trouble trouble;
    private final Allowance allowance = new Allowance(AT_ONCE_NANOS, SHARE);
    private final PathText text;
    private final Map<Long, Left> left = new LinkedHashMap<>(16, 0.75f) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Left> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Left(Load load, Survivors survivors) { }

    /**
     * @param fields for nobody else
     * @param walkNanos the longest pause that a walk may cause which nobody has asked for; 0 for none
     */
    public Retention(FieldReader fields, HeapWalker walker, long walkNanos, EventSink events, Trouble trouble) {
        this.fields = fields;
        this.walker = walker;
        this.cost = new WalkCost(walkNanos);
        this.events = events;
        this.trouble = trouble;
        this.text = new PathText(fields);
    }

    /**
     * Whoever holds what is left of the load, as far as that can be had cheaply; remembers it for {@link #holdersOf}. Up to a second, and not at all when many
     * loads have been asked for lately.
     */
    synchronized List<String> of(Load load, Survivors survivors) {
        if (survivors.isEmpty()) {
            return List.of();
        }
        left.put(load.id(), new Left(load, survivors));
        long start = System.nanoTime();
        try {
            return allowance.isSpent(start) ? List.of() : cheaply(load, survivors);
        } catch (RuntimeException | Error e) {
            trouble.report("rollback.walk", e, "what keeps this load's memory in reach is not known; all else goes on");
            return List.of();
        } finally {
            allowance.spend(System.nanoTime() - start);
        }
    }

    /** Of a load that is left as it is: nothing is searched for before somebody asks. */
    synchronized void remember(Load load, Survivors survivors) {
        if (!survivors.isEmpty()) {
            left.put(load.id(), new Left(load, survivors));
        }
    }

    private List<String> cheaply(Load load, Survivors survivors) {
        String path = throughFields(load, survivors);
        if (path == null && cost.limitNanos() > 0 && walker.isQuiet()) {
            path = fromRoots(survivors);
            long used = usedBytes();
            if (path == null && cost.allows(used)) {
                return walk(load, survivors, new Limits(cost.limitNanos(), PASSES, 1), expected(used)).paths();
            }
        }
        return path == null ? List.of() : List.of(path);
    }

    @Override
    public synchronized Cost costOf(long load) {
        known(load);
        return expected(usedBytes());
    }

    @Override
    public synchronized Found holdersOf(long load) {
        Left of = known(load);
        return walk(of.load, of.survivors, new Limits(PASS_ON_DEMAND_NANOS, PASSES, PATHS_ON_DEMAND), expected(usedBytes()));
    }

    private Left known(long load) {
        Left of = left.get(load);
        if (of == null || of.survivors.isEmpty()) {
            throw new IllegalArgumentException("nothing of load " + load + " is known to be left in reach; see the numbers in verdicts that say live, held-by-heap or mapped");
        }
        return of;
    }

    private Cost expected(long usedBytes) {
        return new Cost(usedBytes, cost.expectedNanos(usedBytes), PASSES);
    }

    private String throughFields(Load load, Survivors survivors) {
        StartClasses classes = new StartClasses(fields, load, typesOf(survivors));
        for (List<Class<?>> starts : List.of(classes.near(), classes.far())) {
            Reach reach = reach(survivors);
            for (int i = 0; i < starts.size() && !reach.isOver(); i++) {
                reach.startAt(starts.get(i));
            }
            reach.run();
            String path = reach.path(text);
            if (path != null) {
                return path;
            }
        }
        return null;
    }

    private String fromRoots(Survivors survivors) {
        Reach reach = reach(survivors);
        for (Root root : walker.roots().roots()) {
            reach.startAt(root.from(), root.object());
        }
        reach.run();
        return reach.path(text);
    }

    private Reach reach(Survivors survivors) {
        return new Reach(fields, survivors, OBJECTS, System.nanoTime() + SEARCH_NANOS);
    }

    private static Set<Class<?>> typesOf(Survivors survivors) {
        Set<Class<?>> types = new HashSet<>();
        for (Reference<?> reference : survivors.wanted().objects()) {
            Object object = reference.get();
            if (object != null) {
                types.add(object.getClass());
            }
        }
        return types;
    }

    private Found walk(Load load, Survivors survivors, Limits limits, Cost expected) {
        events.event(about(load, "walk").bytes("heapBytes", expected.heapBytes()).with("expectedPauseMs", TimeUnit.NANOSECONDS.toMillis(expected.pauseNanos())));
        Search search = walker.search(survivors.wanted(), limits);
        cost.learn(expected.heapBytes(), search.nanos(), search.longestNanos(), search.outOfTime());
        List<String> paths = new ArrayList<>();
        for (Path path : search.paths()) {
            paths.add(text.of(path.from(), path.objects()));
        }
        String note = search.problem().isEmpty() && search.outOfTime() ? "given up at its time limit" : search.problem();
        events.event(about(load, "walked").with("passes", search.passes()).with("stoppedMs", TimeUnit.NANOSECONDS.toMillis(search.nanos()))
            .with("longestPauseMs", TimeUnit.NANOSECONDS.toMillis(search.longestNanos())).with("paths", paths).with("note", note.isEmpty() ? null : note));
        return new Found(expected, paths, search.passes(), search.nanos(), search.longestNanos(), note);
    }

    private static Event about(Load load, String step) {
        return LoadEvents.about(load, Level.INFO, "rollback.step").with("step", step);
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
