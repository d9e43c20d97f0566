package dev.ebb.memory;

import dev.ebb.load.Purged;
import dev.ebb.load.Trouble;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Purges every allocator of the process through the loaded native library. Safe for any thread; a second caller waits for the first. */
final class Allocators {
    /** Above this, and above half of what there was, a purge has not done its work. */
    private static final long LEFT_OVER_BYTES = 4 << 20; // 4 MiB
    private static final long RETRY_AFTER_NANOS = 100_000_000; // 100 ms

    /** The table of what was found is one for the library, and so for this class. */
    private static final Object TABLE = new Object();

    private final ResidentSize resident;
    private final Trouble trouble;
    private final Gains gains = new Gains();

    Allocators(ResidentSize resident, Trouble trouble) {
        this.resident = resident;
        this.trouble = trouble;
    }

    /** One allocator with what it says of itself. */
    record Account(Allocator allocator, Statistics statistics) {
        /** As a purge would tell it that was not made. */
        Purged.One unchanged() {
            return one(allocator, "none", "", 0, 0, statistics);
        }
    }

    /** They are searched for anew each time: an engine may have brought its own since. The one behind malloc comes first. */
    List<Purged.One> purge() {
        synchronized (TABLE) {
            try {
                int count = NativeMemory.find();
                List<Purged.One> results = new ArrayList<>(count);
                for (int at = 0; at < count; at++) {
                    Purged.One one = purge(at);
                    results.add(one.servesMalloc() ? 0 : results.size(), one);
                }
                return results;
            } finally {
                NativeMemory.release();
            }
        }
    }

    /** What there is and what it holds, with nothing changed. */
    List<Account> accounts() {
        synchronized (TABLE) {
            try {
                int count = NativeMemory.find();
                List<Account> accounts = new ArrayList<>(count);
                for (int at = 0; at < count; at++) {
                    accounts.add(new Account(describe(at), Statistics.read(at)));
                }
                return accounts;
            } finally {
                NativeMemory.release();
            }
        }
    }

    /** The same and more as text; see report.c. */
    String report() {
        synchronized (TABLE) {
            return NativeMemory.report();
        }
    }

    private static Allocator describe(int at) {
        return new Allocator(NativeMemory.name(at), NativeMemory.origin(at), NativeMemory.settings(at), NativeMemory.servesMalloc(at));
    }

    private Purged.One purge(int at) {
        Allocator allocator = describe(at);
        boolean stallsOthers = NativeMemory.stallsOthers(at);
        long start = System.nanoTime();
        long residentBefore = resident.bytes();
        NativeMemory.flushThreadCache(); // what this thread's cache held counts as gain
        Statistics before = Statistics.read(at);
        long gainBytes = gains.of(allocator, before);
        if (!gains.worth(gainBytes, stallsOthers)) {
            return one(allocator, "skipped", "only " + gainBytes / 1024 + " KiB to gain", 0, 0, before);
        }
        try {
            String way = NativeMemory.purge(at);
            Statistics after = Statistics.read(at);
            boolean again = !stallsOthers && undone(before, after);
            if (again) {
                after = repeat(at);
            }
            long returned = Math.max(0, residentBefore - resident.bytes());
            gains.leftBy(allocator, after);
            return one(allocator, way, again ? "purged twice, since it did nothing while another thread purged" : "", returned, System.nanoTime() - start, after);
        } catch (IllegalStateException e) {
            trouble.report("memory.purge", e, null);
            return one(allocator, "skipped", e.getMessage(), 0, System.nanoTime() - start, before);
        }
    }

    /**
     * Jemalloc's purge of an arena answers 0 and does nothing while another thread purges that arena. Mimalloc, without statistics, is never asked twice: in a JVM a second
     * {@code mi_collect} brought nothing, not even 100 ms later.
     */
    private static boolean undone(Statistics before, Statistics after) {
        return after.reclaimableBytes() > LEFT_OVER_BYTES && after.reclaimableBytes() > before.reclaimableBytes() / 2;
    }

    private static Statistics repeat(int at) {
        LockSupport.parkNanos(RETRY_AFTER_NANOS); // comes back early if interrupted: then the second try does, too
        NativeMemory.purge(at);
        return Statistics.read(at);
    }

    private static Purged.One one(Allocator allocator, String way, String note, long returnedBytes, long nanos, Statistics after) {
        return new Purged.One(allocator.name(), allocator.origin(), allocator.settings(), allocator.servesMalloc(), way, note, returnedBytes, nanos, after.allocatedBytes(),
            after.knownCachedBytes(), after.threadCachesBytes(), after.fragmentedBytes());
    }
}
