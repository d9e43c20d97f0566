package dev.ebb.rollback;

import dev.ebb.load.CreatedFile;
import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.GrownFile;
import dev.ebb.load.Ledger;
import dev.ebb.load.Load;
import dev.ebb.load.LoadArena;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Events about one load, with the fields that each of them carries. */
final class LoadEvents {
    private static final int THREADS = 16;
    /** Less of other loads in a load's arena is not worth a word. */
    private static final long OTHERS_BYTES = 1 << 20;

    private LoadEvents() { }

    static Event about(Load load, Level level, String name) {
        return new Event(level, name).with("load", load.id()).with("label", load.label()).with("method", load.site().method());
    }

    /** How a load has ended, with what it holds at this moment; of one that ended badly, what each of its threads did. */
    static Event ended(Load load, Level level, String outcome, String cause) {
        Event event = ledger(load, about(load, level, "load.".concat(outcome)).with("outcome", outcome).with("cause", cause)
            .with("parent", load.parent() == null ? null : load.parent().id()));
        return cause == null ? event : event.with("threads", load.threads().describe(THREADS));
    }

    /** What it has taken and not given back at this moment. */
    static Event ledger(Load load, Event event) {
        Ledger ledger = load.ledger();
        LoadArena arena = load.arena();
        if (arena != null) {
            LoadArena.Figures figures = arena.figures();
            event.bytes("arenaBytes", figures.liveBytes()).bytes("arenaFragmentedBytes", figures.fragmentedBytes());
            if (arena.othersBytes() > OTHERS_BYTES) {
                event.bytes("arenaOthersBytes", arena.othersBytes());
            }
        }
        if (ledger.unrecordedCount() > 0) {
            event.with("unrecorded", ledger.unrecordedCount()).bytes("unrecordedBytes", ledger.unrecordedBytes());
        }
        event.with("durationMs", TimeUnit.NANOSECONDS.toMillis(load.durationNanos())).with("threadsBorn", load.threadsBorn()).with("threadsAlive", Holders.bornAndAlive(load).size())
            .bytes("heapBytes", load.heapBytes())
            .bytes("directBytes", ledger.liveBytes(ResourceKind.DIRECT))
            .bytes("mappedBytes", ledger.liveBytes(ResourceKind.MAPPED))
            .bytes("foreignBytes", ledger.liveBytes(ResourceKind.ARENA))
            .bytes("nativeBytes", ledger.liveBytes(ResourceKind.UNSAFE) + Math.max(0, load.nativeBytes()))
            .with("nativeCounted", load.nativeBytes() < 0 ? null : "malloc of the load's threads, not of an engine's own")
            .with("openFiles", ledger.liveCount(ResourceKind.FILE))
            .with("tracked", ledger.liveCount(ResourceKind.TRACKED) == 0 ? null : ledger.liveCount(ResourceKind.TRACKED))
            .with("filesCreated", ledger.liveCount(ResourceKind.CREATED))
            .bytes("diskBytes", diskBytes(ledger))
            .bytes("rssBeforeBytes", load.rssBeforeBytes())
            .bytes("rssPeakBytes", load.rssPeakBytes())
            .with("threadsBorrowed", load.threads().borrowed()).with("tasks", load.threads().tasks())
            .with("cpuMs", TimeUnit.NANOSECONDS.toMillis(load.threads().cpuNanos()));
        return ledger.liveCount(ResourceKind.GROWN) == 0 ? event : grown(ledger, event);
    }

    /** Off-heap bytes that its ledger still holds. */
    static long offHeapBytes(Load load) {
        Ledger ledger = load.ledger();
        return ledger.liveBytes(ResourceKind.DIRECT) + ledger.liveBytes(ResourceKind.MAPPED) + ledger.liveBytes(ResourceKind.ARENA)
            + ledger.liveBytes(ResourceKind.UNSAFE);
    }

    private static Event grown(Ledger ledger, Event event) {
        long files = 0;
        long bytes = 0;
        for (Resource resource : ledger.live()) {
            long grown = resource instanceof GrownFile ? ((GrownFile) resource).grownBytes() : 0;
            files += grown > 0 ? 1 : 0;
            bytes += grown;
        }
        return files == 0 ? event : event.with("filesGrown", files).bytes("grownBytes", bytes);
    }

    private static long diskBytes(Ledger ledger) {
        if (ledger.liveCount(ResourceKind.CREATED) == 0) {
            return 0;
        }
        long bytes = 0;
        Set<Object> counted = new HashSet<>();
        for (Resource resource : ledger.live()) {
            if (resource instanceof CreatedFile && ((CreatedFile) resource).ownsBytes() && counted.add(((CreatedFile) resource).fileKey())) {
                bytes += Deleter.bytes((CreatedFile) resource);
            }
        }
        return bytes;
    }
}
