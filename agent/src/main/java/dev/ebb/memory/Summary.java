package dev.ebb.memory;

import dev.ebb.load.Purged;

import java.util.List;

/** Makes one account of a purge of several allocators: the figures of the one behind {@code malloc}, and a note about the others. */
final class Summary {
    private static final long MIB = 1 << 20;

    private Summary() { }

    static Purged of(List<Purged.One> results, long returnedBytes, long nanos) {
        Purged.One main = results.isEmpty() || !results.get(0).servesMalloc() ? null : results.get(0);
        String others = "";
        for (Purged.One result : results) {
            if (result != main) {
                others += (others.isEmpty() ? "" : "; ") + describe(result);
            }
        }
        if (main == null) {
            String note = join("the libc of this system has nothing to purge with", others);
            return new Purged("none", "skipped", returnedBytes, nanos, -1, -1, -1, -1, note, results);
        }
        return new Purged(main.name(), main.way(), returnedBytes, nanos, main.allocatedBytes(), main.cachedBytes(), main.threadCachesBytes(), main.fragmentedBytes(),
            join(main.note(), others), results);
    }

    private static String describe(Purged.One result) {
        String what = "also " + result.name() + " in " + result.origin() + ": " + result.way();
        String effect = result.way().equals("skipped") ? "" : " returned " + result.returnedBytes() / MIB + " MiB";
        return what + effect + (result.note().isEmpty() ? "" : ", " + result.note());
    }

    private static String join(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }
}
