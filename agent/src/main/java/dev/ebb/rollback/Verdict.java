package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.Ledger;
import dev.ebb.load.Load;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Says where the bytes of an ended load are now. */
final class Verdict {
    /** RSS that a JVM gains or loses by itself while a load goes on (class metadata, compiled code, thread stacks): seen up to 12 MiB in hello-world programs. */
    private static final long NOISE_BYTES = 16 << 20;
    /** Of a rise; jemalloc keeps up to 3.5 % of a peak as metadata (measured with 1 KiB objects), glibc up to 4 % as fragments. */
    private static final double NOISE_SHARE = 0.05;

    private final String text;
    private final List<String> holders;

    private Verdict(String text, List<String> holders) {
        this.text = text;
        this.holders = holders;
    }

    String text() {
        return text;
    }

    static Verdict heldByThread(Load load) {
        return new Verdict("held-by-thread", Holders.of(load));
    }

    static Verdict heldBy(String holder) {
        return new Verdict("held-by-thread", List.of(holder));
    }

    /** The load was wanted after all, or somebody uses what it made: nothing was touched. */
    static Verdict live(Case c) {
        String holder = c.proof.holder();
        return new Verdict("live", holder == null ? c.paths : List.of(c.paths.isEmpty() ? holder : holder + ": " + String.join("; ", c.paths)));
    }

    static Verdict of(Case c, long rssAfterBytes) {
        Load load = c.load;
        List<String> holders = new ArrayList<>(c.troubles);
        holders.addAll(c.paths);
        if (!c.hanging.isEmpty()) {
            holders.addAll(0, c.hanging);
            return new Verdict("held-by-thread", holders);
        }
        if (load.result() != null && !load.result().isVoid() && !c.resultClosed && !load.result().isClosedByProgram() && !c.troubles.isEmpty()) {
            return new Verdict("held-by-heap", holders);
        }
        Ledger ledger = load.ledger();
        if (ledger.unrecordedCount() > 0) {
            holders.add(ledger.unrecordedCount() + " resources of " + ledger.unrecordedBytes() + " bytes were beyond the limit of records: whether they were given back"
                + " is not known");
        }
        long buffers = ledger.recordedBytes(ResourceKind.DIRECT) + ledger.recordedBytes(ResourceKind.ARENA);
        long mapped = ledger.recordedBytes(ResourceKind.MAPPED);
        long files = ledger.recordedCount(ResourceKind.FILE);
        if (buffers > 0 || files > 0) {
            holders.add("the program reaches " + ledger.recordedCount(ResourceKind.DIRECT) + " direct buffers, "
                + ledger.recordedCount(ResourceKind.ARENA) + " arenas and " + files + " open files of the load");
            return new Verdict("held-by-heap", holders);
        }
        long unsafe = ledger.recordedBytes(ResourceKind.UNSAFE);
        if (unsafe > 0) {
            holders.add(ledger.recordedCount(ResourceKind.UNSAFE) + " blocks of sun.misc.Unsafe memory were not freed; no collection will");
            return new Verdict("held-by-heap", holders);
        }
        if (mapped > 0) {
            holders.add("the program reaches " + ledger.recordedCount(ResourceKind.MAPPED) + " mappings of the load");
            return new Verdict("mapped", holders);
        }
        if (c.undeletedFiles > 0) {
            holders.add(c.undeletedFiles + " files that the load made are on disk" + (c.filesWait ? "; they stay while another load of the same thing goes on"
                : c.deletion == null ? "; name their directory in ebb.files to have such files deleted" : ""));
            return new Verdict("on-disk", holders);
        }
        if (ledger.recordedCount(ResourceKind.TRACKED) > 0) {
            holders.add(tracked(load) + " of ebb.track stay open: the program reaches the newest of them, or could have closed it unnoticed");
            return new Verdict("held-by-heap", holders);
        }
        long rise = Math.max(0, load.rssPeakBytes() - load.rssBeforeBytes());
        // the Java heap grows and shrinks by rules of its own, whoever allocates in it
        long heapGrowth = Math.max(0, Runtime.getRuntime().totalMemory() - load.heapCommittedBeforeBytes());
        long stays = rssAfterBytes - load.rssBeforeBytes() - heapGrowth;
        if (stays <= NOISE_BYTES + (long) (rise * NOISE_SHARE)) {
            return new Verdict("returned", holders);
        }
        if (c.purged != null && c.purged.cachedBytes() > stays / 2) {
            return new Verdict("held-by-allocator", holders);
        }
        return new Verdict("unexplained", holders);
    }

    private static String tracked(Load load) {
        StringBuilder names = new StringBuilder();
        for (Resource resource : load.ledger().live()) {
            if (resource.kind() == ResourceKind.TRACKED) {
                names.append(names.length() == 0 ? "" : ", ").append(((ObjectResource) resource).what());
            }
        }
        return names.toString();
    }

    /** Ebb = how far RSS fell: (peak - after) / (peak - before), from 0 to 1. */
    static double ebb(Load load, long rssAfterBytes) {
        long rise = load.rssPeakBytes() - load.rssBeforeBytes();
        return rise <= 0 ? 1 : Math.max(0, Math.min(1, (double) (load.rssPeakBytes() - rssAfterBytes) / rise));
    }

    Event event(Case c, long rssAfterBytes) {
        Load load = c.load;
        String outcome = c.judgement.outcome() == null ? null : c.judgement.outcome().text();
        Event event = LoadEvents.about(load, Level.INFO, "verdict").with("verdict", text).with("outcome", outcome);
        LoadEvents.ledger(load, event).bytes("rssAfterBytes", rssAfterBytes).ratio("ebb", ebb(load, rssAfterBytes));
        if (c.purged != null) {
            event.with("allocator", c.purged.allocator()).bytes("purgedBytes", c.purged.returnedBytes())
                .with("purgeMs", TimeUnit.NANOSECONDS.toMillis(c.purged.nanos()));
        }
        return event.with("rollbackMs", TimeUnit.NANOSECONDS.toMillis(c.rollbackNanos)).with("holders", holders);
    }
}
