package dev.ebb.memory;

import dev.ebb.load.Trouble;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Purges every allocator of the process through the loaded native library. Safe for any thread; a second caller waits for the first. */
final class Allocators {
    /** Below this a purge costs more than it brings. */
    private static final long LEAST_GAIN_BYTES = 1 << 20; // 1 MiB
    /** Below this a stop of other threads is not worth it. */
    private static final long LEAST_GAIN_OF_A_STALL_BYTES = 8 << 20; // 8 MiB
    /** Above this a purge has not done its work. */
    private static final long LEFT_OVER_BYTES = 8 << 20; // 8 MiB
    private static final long RETRY_AFTER_NANOS = 100_000_000; // 100 ms

    /** The table of what was found is one for the library, and so for this class. */
    private static final Object TABLE = new Object();

    private final Trouble trouble;

    Allocators(Trouble trouble) {
        this.trouble = trouble;
    }

    /** What became of one allocator. @param note why it was skipped, or what went wrong; else empty */
    record Result(Allocator allocator, String way, String note, long allocatedBytes, long cachedBytes) {
        private static Result skipped(Allocator allocator, String note, Statistics now) {
            return new Result(allocator, "skipped", note, now.allocatedBytes(), now.cachedAtMostBytes());
        }
    }

    /** They are searched for anew each time: an engine may have brought its own since. */
    List<Result> purge() {
        synchronized (TABLE) {
            try {
                int count = NativeMemory.find();
                List<Result> results = new ArrayList<>(count);
                for (int at = 0; at < count; at++) {
                    results.add(purge(at));
                }
                return results;
            } finally {
                NativeMemory.release();
            }
        }
    }

    private Result purge(int at) {
        Allocator allocator = new Allocator(NativeMemory.name(at), NativeMemory.origin(at), NativeMemory.settings(at), NativeMemory.servesMalloc(at));
        boolean stallsOthers = NativeMemory.stallsOthers(at);
        NativeMemory.flushThreadCache(); // what this thread's cache held counts as gain
        Statistics before = Statistics.read(at);
        long worthBytes = stallsOthers ? LEAST_GAIN_OF_A_STALL_BYTES : LEAST_GAIN_BYTES;
        if (before.reclaimableBytes() >= 0 && before.reclaimableBytes() < worthBytes) {
            return Result.skipped(allocator, "only " + before.reclaimableBytes() / 1024 + " KiB to gain", before);
        }
        try {
            String way = NativeMemory.purge(at);
            Statistics after = stallsOthers ? afterStall(at, before) : repeatIfUndone(at);
            return new Result(allocator, way, "", after.allocatedBytes(), after.cachedBytes());
        } catch (IllegalStateException e) {
            trouble.report("memory.purge", e, null);
            return Result.skipped(allocator, e.getMessage(), before);
        }
    }

    /** Glibc's statistics walk its free lists under the arena locks, and do not tell what a trim has changed: what it has allocated is known already. */
    private static Statistics afterStall(int at, Statistics before) {
        return before.cachedBytes() >= 0 ? Statistics.read(at) : before;
    }

    /**
     * Jemalloc's purge of an arena answers 0 and does nothing while another thread purges that arena. Mimalloc, without statistics, is never asked twice: in a JVM a second
     * {@code mi_collect} brought nothing, not even 100 ms later.
     */
    private static Statistics repeatIfUndone(int at) {
        Statistics after = Statistics.read(at);
        if (after.reclaimableBytes() <= LEFT_OVER_BYTES) {
            return after;
        }
        LockSupport.parkNanos(RETRY_AFTER_NANOS); // comes back early if interrupted: then the second try does, too
        NativeMemory.purge(at);
        return Statistics.read(at);
    }
}
