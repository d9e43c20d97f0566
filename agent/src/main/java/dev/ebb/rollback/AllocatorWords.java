package dev.ebb.rollback;

import dev.ebb.load.LoadArena;
import dev.ebb.load.Purged;
import java.util.List;

/** What a verdict says of allocators: which of them keeps what, and why a purge has not returned it. */
final class AllocatorWords {
    /** Less is not worth a word. */
    private static final long LEAST_BYTES = 1 << 20;

    private AllocatorWords() { }

    /** Freed memory that they keep, each by name. */
    static void sayKept(Case c, Balance balance, List<String> holders) {
        sayArena(c, holders);
        if (c.account == null || c.account.allocators().isEmpty()) {
            holders.add(Verdict.mebibytes(balance.known().cachedBytes()) + " are kept by the allocator");
            return;
        }
        for (Purged.One one : c.account.allocators()) {
            if (one.cachedBytes() >= LEAST_BYTES) {
                holders.add(Verdict.mebibytes(one.cachedBytes()) + " are kept by " + one.name() + (one.servesMalloc() ? "" : " in " + one.origin()) + whyKept(one));
            }
        }
    }

    private static String whyKept(Purged.One one) {
        String why = one.threadCachesBytes() < LEAST_BYTES ? "" : ", of it " + Verdict.mebibytes(one.threadCachesBytes()) + " in caches of threads, which each thread alone can give back";
        return one.fragmentedBytes() < LEAST_BYTES ? why
            : why + ", of it " + Verdict.mebibytes(one.fragmentedBytes()) + " in pages that blocks which live on keep: no purge returns that";
    }

    /** Memory that nobody has freed: by malloc, or by mappings of native code's own. */
    static void sayInUse(Case c, long staysBytes, List<String> holders) {
        sayArena(c, holders);
        if (c.account == null) {
            return;
        }
        long allocated = c.account.allAllocatedBytes();
        if (allocated >= 0 && c.load.nativeBytes() <= staysBytes / 2) {
            holders.add(allocated > staysBytes / 2 ? Verdict.mebibytes(allocated) + " in all were allocated by malloc and not freed"
                : "only " + Verdict.mebibytes(allocated) + " in all were allocated by malloc: native code has mapped the rest by itself (mmap), or the JVM has it (classes, code)");
        }
        if (!c.account.note().isEmpty()) {
            holders.add(c.account.note());
        }
    }

    /** Whatever the allocators keep besides. */
    private static void sayArena(Case c, List<String> holders) {
        LoadArena arena = c.load.arena();
        LoadArena.Figures figures = arena == null ? null : arena.figures();
        if (figures != null && figures.liveBytes() >= 0 && figures.fragmentedBytes() >= 0) {
            holders.add(Verdict.mebibytes(figures.liveBytes()) + " of the load's arena are in use, and " + Verdict.mebibytes(figures.fragmentedBytes())
                + " free in pages that its small blocks keep");
        }
    }
}
