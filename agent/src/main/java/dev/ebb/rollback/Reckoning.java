package dev.ebb.rollback;

import dev.ebb.load.Ledger;
import dev.ebb.load.Load;
import dev.ebb.load.Memory;
import dev.ebb.load.ResourceKind;
import dev.ebb.load.Surroundings;

/** Makes the balance of a case from what is measured now. Used by the worker alone. */
final class Reckoning {
    private final Memory memory;
    private final Gauge gauge;
    private final OtherLoads others;

    /** Null before it was looked up, which takes some ten milliseconds. */
    private Boolean heapIsShared;

    Reckoning(Gauge gauge, OtherLoads others) {
        this.memory = gauge.memory();
        this.gauge = gauge;
        this.others = others;
    }

    /** The first rung is about to be climbed. */
    void begin(Case c) {
        c.firstRungBytes = memory.residentBytes();
        c.returnedBefore = gauge.totalBytes();
    }

    /** Its allocator's figures are those of its purge, as long as they are not old. What takes long is asked only if nothing else tells where the bytes are. */
    Balance of(Case c, boolean purgedJustNow) {
        c.account = purgedJustNow ? c.purged : null;
        Balance balance = balance(c, c.account == null ? -1 : c.account.allCachedBytes());
        boolean stays = balance.isKnown() && !balance.isBack() && !Verdict.isInLedger(c);
        if (stays && balance.known().cachedBytes() < 0) {
            c.account = memory.account();
            balance = balance(c, c.account.allCachedBytes());
        }
        c.hugePageBytes = stays && !balance.isBack() ? memory.hugePageBytes() : -1;
        c.deletedMappedBytes = DeletedMappings.bytes(c.load.ledger());
        return balance;
    }

    private Balance balance(Case c, long cachedBytes) {
        Load load = c.load;
        Memory.Resident now = memory.resident();
        long before = load.rssBeforeBytes();
        long first = c.firstRungBytes == 0 ? now.totalBytes() : c.firstRungBytes;
        long all = c.firstRungBytes == 0 ? 0 : gauge.totalBytes() - c.returnedBefore;
        Surroundings then = load.surroundings();
        long anonymousRise = then == null || load.anonymousPeakBytes() == 0 ? -1 : Math.max(0, load.anonymousPeakBytes() - (before - then.sharedBytes()));
        return new Balance(new Balance.Rss(before, load.rssPeakBytes(), anonymousRise, now),
            new Balance.Given(load.rssPeakBytes() - first, c.byStepBytes, all - c.byStepBytes), known(c, then, now, cachedBytes));
    }

    private Balance.Known known(Case c, Surroundings then, Memory.Resident now, long cachedBytes) {
        long heap = Math.max(0, Runtime.getRuntime().totalMemory() - c.load.heapCommittedBeforeBytes());
        long otherLoads = then == null ? 0 : Math.max(0, others.bytes(c.load) - then.otherLoadsBytes());
        long shared = then == null ? -1 : Math.max(0, now.fileBytes() + now.sharedBytes() - then.sharedBytes());
        long classesThen = then == null ? -1 : then.classBytes();
        long classes = classesThen < 0 ? -1 : Math.max(0, memory.classBytes() - classesThen);
        long pageCache = then == null || !touchedFiles(c) ? -1 : pageCache(c, then.pages(), shared);
        return new Balance.Known(OtherLoads.offHeap(c.load.ledger()), heap, otherLoads, others.anyBeside(c.load), cachedBytes, heapIsShared() ? -1 : shared, classes, pageCache);
    }

    /** ZGC has the Java heap in shared memory: what is touched of it for the first time is no mapping of native code, and nothing tells the two apart. */
    private boolean heapIsShared() {
        if (heapIsShared == null) {
            heapIsShared = memory.jvmFlag("UseZGC");
        }
        return heapIsShared;
    }

    /** The group's may be anybody's: no more of them are this process' than it has moved, less what was deleted again. */
    private long pageCache(Case c, Memory.FilePages then, long sharedBytes) {
        Memory.FilePages now = memory.filePages();
        if (then.groupBytes() < 0 || now.groupBytes() < 0 || then.movedBytes() < 0 || now.movedBytes() < 0) {
            return -1;
        }
        return Math.max(0, Math.min(now.groupBytes() - then.groupBytes() - sharedBytes, now.movedBytes() - then.movedBytes() - c.deletedBytes));
    }

    /** What pages of files other processes of the group bring in is no concern of a load that has none. */
    private static boolean touchedFiles(Case c) {
        Ledger ledger = c.load.ledger();
        c.touchedFiles |= ledger.takenCount(ResourceKind.FILE) + ledger.takenCount(ResourceKind.CREATED) + ledger.takenCount(ResourceKind.GROWN)
            + ledger.takenCount(ResourceKind.MAPPED) > 0;
        return c.touchedFiles;
    }
}
