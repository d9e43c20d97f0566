package dev.ebb.memory;

import java.util.HashMap;
import java.util.Map;

/** Whether a purge is worth its while, by what the last one left. Guarded by the lock of {@link Allocators}. */
final class Gains {
    /** Below this a purge costs more than it brings. */
    private static final long LEAST_BYTES = 1 << 20; // 1 MiB
    /** Below this a stop of other threads is not worth it. */
    private static final long LEAST_OF_A_STALL_BYTES = 8 << 20; // 8 MiB

    /** What the last purge of each could not return, by name and origin. */
    private final Map<String, Statistics> left = new HashMap<>();

    /** @return at most so many bytes would come back; -1 if it cannot be told, and is to be tried */
    long of(Allocator allocator, Statistics now) {
        if (now.reclaimableBytes() < 0) {
            return -1;
        }
        return allocator.name().startsWith("glibc") ? ofGlibc(left.get(key(allocator)), now) : now.reclaimableBytes();
    }

    /**
     * What glibc calls free includes pages that an earlier trim returned, and what is resident beyond the live blocks is too little where live blocks were never written. Each taken
     * against what the last trim left, the greater of both misses nothing, and is small when there is nothing new.
     */
    private static long ofGlibc(Statistics last, Statistics now) {
        if (last == null) {
            return Math.max(now.freeBytes(), now.reclaimableBytes());
        }
        return Math.max(0, Math.max(now.freeBytes() - last.freeBytes(), now.reclaimableBytes() - last.reclaimableBytes()));
    }

    boolean worth(long gainBytes, boolean stallsOthers) {
        return gainBytes < 0 || gainBytes >= (stallsOthers ? LEAST_OF_A_STALL_BYTES : LEAST_BYTES);
    }

    void leftBy(Allocator allocator, Statistics after) {
        left.put(key(allocator), after);
    }

    private static String key(Allocator allocator) {
        return allocator.name() + " " + allocator.origin();
    }
}
