package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.Ledger;
import dev.ebb.load.Load;
import dev.ebb.load.Memory;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Says where the bytes of an ended load are now. */
final class Verdict {
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
        return heldBy(List.of(holder));
    }

    static Verdict heldBy(List<String> holders) {
        return new Verdict("held-by-thread", holders);
    }

    /** The load was wanted after all, or somebody uses what it made: nothing was touched. */
    static Verdict live(Case c) {
        String holder = c.proof.holder();
        return new Verdict("live", holder == null ? c.paths : List.of(c.paths.isEmpty() ? holder : holder + ": " + String.join("; ", c.paths)));
    }

    static Verdict of(Case c, Balance balance) {
        List<String> holders = new ArrayList<>(c.troubles);
        holders.addAll(c.paths);
        Verdict byLedger = byLedger(c, holders);
        return byLedger == null ? of(c, balance, holders) : byLedger;
    }

    /** Whether figures of memory have nothing to say, since the ledger tells where the bytes are. */
    static boolean isInLedger(Case c) {
        return byLedger(c, new ArrayList<>()) != null;
    }

    /** @return null if it holds nothing any more */
    private static Verdict byLedger(Case c, List<String> holders) {
        Load load = c.load;
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
            holders.add(ledger.recordedCount(ResourceKind.UNSAFE) + " blocks of sun.misc.Unsafe memory were not freed, and no collection will: with ebb.track=CLASS, "
                + "what owns them is closed once nobody reaches it");
            return new Verdict("held-by-heap", holders);
        }
        if (mapped > 0) {
            holders.add("the program reaches " + ledger.recordedCount(ResourceKind.MAPPED) + " mappings of the load" + deleted(c));
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
        return null;
    }

    /** The ledger holds nothing any more: RSS decides. */
    private static Verdict of(Case c, Balance balance, List<String> holders) {
        if (!balance.isKnown()) {
            holders.add("RSS is not known" + (balance.rss().beforeBytes() > 0 ? "" : " as it was before the load") + ": no figure can be given");
            return new Verdict("unexplained", holders);
        }
        if (balance.isBack()) {
            if (balance.isPageCache()) {
                holders.add(mebibytes(balance.known().pageCacheBytes()) + " of files are in the page cache; the kernel takes them back when memory is needed");
            }
            return new Verdict(balance.isPageCache() ? "page-cache" : "returned", holders);
        }
        if (balance.isMapped()) {
            holders.add(mebibytes(balance.known().sharedBytes()) + " more of mapped files or shared memory, by native code: Java knows no mapping of the load");
            return new Verdict("mapped", holders);
        }
        if (balance.isCached()) {
            AllocatorWords.sayKept(c, balance, holders);
            return new Verdict("held-by-allocator", holders);
        }
        if (balance.isClasses()) {
            holders.add(mebibytes(balance.known().classBytes()) + " more of metaspace: classes that were loaded meanwhile, which stay as long as anything reaches their loader"
                + " (jcmd PID VM.classloader_stats)");
            return new Verdict("held-by-heap", holders);
        }
        explain(c, balance, holders);
        return new Verdict("unexplained", holders);
    }

    private static String deleted(Case c) {
        return c.deletedMappedBytes <= 0 ? "" : ", " + mebibytes(c.deletedMappedBytes) + " of them in files that are deleted but mapped: memory and disk space are held";
    }

    /** What is known all the same. */
    private static void explain(Case c, Balance balance, List<String> holders) {
        if (c.load.stop().thrown() > 0) {
            holders.add("Ebb ended the load at a checkpoint before it returned: native handles that it had opened by then are lost, unless ebb.track names their types; "
                + "ebb.rollback.checkpoint=off lets it come to its end, and its result be closed");
        }
        if (c.load.nativeBytes() > balance.staysBytes() / 2) {
            holders.add(mebibytes(c.load.nativeBytes()) + " were allocated by malloc in threads of the load and not freed by them: by native code whose object was not "
                + "closed; name its type in ebb.track, or its close in ebb.close");
        }
        if (balance.known().othersRan()) {
            holders.add("other loads ran at the same time; what native code took for them is in RSS and in no ledger");
        }
        AllocatorWords.sayInUse(c, balance.staysBytes(), holders);
        long huge = c.hugePageBytes;
        if (huge > balance.staysBytes() / 2) {
            holders.add(mebibytes(huge) + " of RSS are transparent huge pages, which are resident as a whole when a part is in use; madvise in "
                + "/sys/kernel/mm/transparent_hugepage/enabled avoids that");
        }
    }

    static String mebibytes(long bytes) {
        return Math.round(bytes / 1048576.0 * 10) / 10.0 + " MiB";
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

    /** Ebb = how far RSS fell: (peak - after) / (peak - before), from 0 to 1; null where RSS before is unknown. */
    static Event ebb(Event event, Load load, long rssAfterBytes) {
        long rise = load.rssPeakBytes() - load.rssBeforeBytes();
        double ebb = rise <= 0 ? 1 : Math.max(0, Math.min(1, (double) (load.rssPeakBytes() - rssAfterBytes) / rise));
        return load.rssBeforeBytes() == 0 ? event.with("ebb", null) : event.ratio("ebb", ebb);
    }

    List<String> holders() {
        return holders;
    }

    /** Of a load that was not rolled back. */
    Event event(Case c, long rssAfterBytes) {
        Load load = c.load;
        String outcome = c.judgement.outcome() == null ? null : c.judgement.outcome().text();
        Event event = LoadEvents.about(load, Level.INFO, "verdict").with("verdict", text).with("outcome", outcome);
        ebb(LoadEvents.ledger(load, event).bytes("rssAfterBytes", rssAfterBytes), load, rssAfterBytes);
        if (c.purged != null) {
            event.with("allocator", c.purged.allocator()).bytes("purgedBytes", c.purged.returnedBytes())
                .with("purgeMs", TimeUnit.NANOSECONDS.toMillis(c.purged.nanos()));
        }
        return event.with("rollbackMs", TimeUnit.NANOSECONDS.toMillis(c.rollbackNanos)).with("holders", holders);
    }

    /** With the sum by which RSS rose and fell; what is not known is left out. */
    Event event(Case c, Balance balance) {
        Memory.Resident after = balance.rss().after();
        Event event = event(c, after.totalBytes()).bytes("fellBytes", balance.fellBytes()).bytes("byItselfBytes", balance.given().byItselfBytes())
            .bytes("byStepBytes", balance.given().byStepBytes()).bytes("byOthersBytes", balance.given().byOthersBytes())
            .bytes("accountedBytes", balance.accountedBytes()).bytes("unexplainedBytes", balance.unexplainedBytes())
            .bytes("rssAnonBytes", after.anonymousBytes()).bytes("rssFileBytes", after.fileBytes()).bytes("rssShmemBytes", after.sharedBytes());
        ifKnown(event, "cachedBytes", balance.known().cachedBytes());
        ifKnown(event, "threadCachesBytes", c.account == null ? -1 : c.account.threadCachesBytes());
        ifKnown(event, "fragmentedBytes", c.account == null ? -1 : c.account.fragmentedBytes());
        ifKnown(event, "metaspaceBytes", balance.known().classBytes());
        ifKnown(event, "deletedMappedBytes", c.deletedMappedBytes);
        ifKnown(event, "pageCacheBytes", balance.known().pageCacheBytes());
        ifKnown(event, "hugePageBytes", c.hugePageBytes);
        return event;
    }

    private static void ifKnown(Event event, String field, long bytes) {
        if (bytes >= 0) {
            event.bytes(field, bytes);
        }
    }
}
