package dev.ebb.rollback;

import dev.ebb.load.CreatedFile;
import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.Ledger;
import dev.ebb.load.Load;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.ReleaseCall;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the program has released by the methods that {@code ebb.release} names: a little later the ledger must be empty, else it is said what it still
 * holds. A purge follows in any case. Used by the worker alone; the thread that released is never held up.
 *
 * <p>Buffers, mappings and open files that the program only drops are given back by a garbage collection: before one has shown that they are still reached,
 * they are no leak. One is asked for if nothing else is left, no more often than allocators are purged; while Ebb may not act, it waits for the program's
 * own, which prove less, and says so.
 */
final class Releases {
    /** How long a release may take to be complete: what it handed to other threads. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How long cleaners may take after a collection. */
    private static final long CLEANERS_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Objects with finalizers need a second one. */
    private static final int COLLECTIONS = 2;
    /** Without a collection of its own Ebb waits so long, and for as many of the program's. */
    private static final long NATURAL_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int NATURAL_COLLECTIONS = 3;
    /** More at a time are not looked at. */
    private static final int CHECKS = 10_000;
    private static final int HOLDERS = 5;

    private final Rungs rungs;
    private final Policy policy;
    private final LoadRegistry registry;
    private final Collector collector;
    private final PurgeRung purging;
    private final EventSink events;
    private final Cases.Accounts accounts;
    private final List<Check> checks = new ArrayList<>();
    private long collectedNanos;

    /** One load whose release was seen. */
    private static final class Check {
        private final Ledger ledger;
        private final ReleaseCall call;
        private final long sinceNanos = System.nanoTime();
        private final long epoch;
        private int collections;
        private boolean inCollection;
        private long nextNanos = sinceNanos + SETTLE_NANOS;

        Check(Ledger ledger, ReleaseCall call, long epoch) {
            this.ledger = ledger;
            this.call = call;
            this.epoch = epoch;
        }
    }

    Releases(Rungs rungs, Policy policy, LoadRegistry registry, Collector collector, PurgeRung purging, EventSink events, Cases.Accounts accounts) {
        this.rungs = rungs;
        this.policy = policy;
        this.registry = registry;
        this.collector = collector;
        this.purging = purging;
        this.events = events;
        this.accounts = accounts;
        this.collectedNanos = System.nanoTime() - policy.purgeIntervalNanos();
    }

    /** A release has returned. */
    void called(ReleaseCall call) {
        List<Ledger> released = call.namesALoad() ? call.ledgers() : byLabel(call);
        for (Ledger ledger : released) {
            if (checks.size() < CHECKS) {
                checks.add(new Check(ledger, call, collector.epoch()));
            }
        }
        if (released.isEmpty()) {
            purge(null);
        }
    }

    /** All loads of that label that had ended before, and that were not released yet: a segment may be brought in by several. */
    private List<Ledger> byLabel(ReleaseCall call) {
        List<Ledger> found = new ArrayList<>();
        for (Ledger ledger : registry.accounts().held()) {
            if (isNamed(ledger, call) && ledger.sawRelease()) {
                found.add(ledger);
            }
        }
        for (Load load : registry.undecided()) {
            if (load.left() && isNamed(load.ledger(), call) && load.ledger().sawRelease()) {
                found.add(load.ledger());
            }
        }
        return found;
    }

    private static boolean isNamed(Ledger ledger, ReleaseCall call) {
        return call.labels().contains(ledger.label()) && ledger.leftNanos() - call.enteredNanos() <= 0;
    }

    /** Whether something is to be looked at within seconds. */
    boolean needAttention() {
        return !checks.isEmpty() || purging.isRequested();
    }

    void look(long now) {
        for (Iterator<Check> all = checks.iterator(); all.hasNext();) {
            Check check = all.next();
            try {
                if (isSettled(check, now)) {
                    all.remove();
                }
            } catch (RuntimeException | Error e) {
                all.remove();
                rungs.failed("release", e, "whether this release was complete is not said");
            }
        }
    }

    /** Whether one of them needs a collection to be decided. */
    boolean wantCollection(long now) {
        boolean wanted = false;
        for (Check check : checks) {
            wanted |= isDue(check, now);
        }
        return wanted && rungs.acts(Rung.COLLECT) && now - collectedNanos >= policy.purgeIntervalNanos();
    }

    /** One is about to be made, for these or for rollbacks: it serves all that are to be looked at. */
    void beforeCollection(long now) {
        for (Check check : checks) {
            check.inCollection = isDue(check, now);
        }
    }

    private static boolean isDue(Check check, long now) {
        return now - check.nextNanos >= 0 && check.collections < COLLECTIONS;
    }

    void afterCollection(long now) {
        for (Check check : checks) {
            if (check.inCollection) {
                check.inCollection = false;
                check.collections++;
                check.nextNanos = now + CLEANERS_NANOS;
                collectedNanos = now;
            }
        }
    }

    private boolean isSettled(Check check, long now) {
        List<Resource> held = held(check.ledger);
        boolean leaks = !held.isEmpty();
        if (leaks && (now - check.nextNanos < 0 || mayYetGo(check, held, now))) {
            return false;
        }
        if (leaks) {
            events.event(leaked(check, held));
        }
        accounts.released(leaks);
        purge(String.valueOf(check.ledger.id()));
        return true;
    }

    private void purge(String load) {
        if (rungs.acts(Rung.PURGE)) {
            purging.request(load);
        }
    }

    /** Whether a collection may yet give back what is left. */
    private boolean mayYetGo(Check check, List<Resource> held, long now) {
        for (Resource resource : held) {
            if (!goesByCollection(resource)) {
                return false;
            }
        }
        if (rungs.acts(Rung.COLLECT) && collector.canAsk()) {
            return check.collections < COLLECTIONS;
        }
        return now - check.sinceNanos < NATURAL_NANOS || collector.epoch() - check.epoch < NATURAL_COLLECTIONS;
    }

    private static boolean goesByCollection(Resource resource) {
        return switch (resource.kind()) {
            case DIRECT, MAPPED, FILE -> true;
            case ARENA -> !(resource instanceof ObjectResource) || ((ObjectResource) resource).what().startsWith("Implicit");
            default -> false;
        };
    }

    /** What it made on disk may stay. */
    private static List<Resource> held(Ledger ledger) {
        List<Resource> held = ledger.live();
        held.removeIf(resource -> resource instanceof CreatedFile);
        return held;
    }

    private Event leaked(Check check, List<Resource> held) {
        Ledger ledger = check.ledger;
        boolean certain = check.collections > 0 || !held.stream().allMatch(Releases::goesByCollection);
        Event event = new Event(certain ? Level.WARN : Level.INFO, "release.leaked").with("load", ledger.id()).with("label", ledger.label())
            .with("method", ledger.site().method()).with("release", check.call.site().method())
            .with("afterMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - check.call.enteredNanos())).with("resources", held.size())
            .bytes("directBytes", ledger.liveBytes(ResourceKind.DIRECT)).bytes("mappedBytes", ledger.liveBytes(ResourceKind.MAPPED))
            .bytes("foreignBytes", ledger.liveBytes(ResourceKind.ARENA)).bytes("nativeBytes", ledger.liveBytes(ResourceKind.UNSAFE))
            .with("openFiles", ledger.liveCount(ResourceKind.FILE)).with("tracked", ledger.liveCount(ResourceKind.TRACKED));
        if (ledger.unrecordedCount() > 0) {
            event.with("unrecorded", ledger.unrecordedCount()).bytes("unrecordedBytes", ledger.unrecordedBytes());
        }
        return event.with("note", certain ? null : "no collection was asked for: what the program only dropped may be among it").with("holders", largest(held));
    }

    private static List<String> largest(List<Resource> held) {
        held.sort(Comparator.comparingLong(Resource::bytes).reversed());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < held.size() && texts.size() < HOLDERS; i++) {
            Resource resource = held.get(i);
            String what = resource instanceof ObjectResource ? " " + ((ObjectResource) resource).what() : " of " + resource.bytes() + " bytes";
            texts.add(resource.kind() + what + (resource.takenAt() == null ? "" : " taken at " + resource.takenAt()));
        }
        return texts;
    }
}
